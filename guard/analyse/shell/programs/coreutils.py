"""Files and texts: the programs of coreutils, findutils' and util-linux' plain ones, archivers, viewers, checksums. See `rows`."""

from __future__ import annotations

from guard.analyse.shell.programs.rows import Row

READERS = (
    "cat tac nl od xxd hexdump strings wc md5sum sha1sum sha224sum sha256sum sha384sum sha512sum b2sum cksum sum paste join comm cmp "
    "fold fmt expand unexpand rev column colrm look pr zcat bzcat cut "
    "shasum md5 crc32 "
    "zipinfo readelf size file tree tokei iconv pdfinfo addr2line soxi "
    "lsattr getfacl getfattr tsort hd zdiff zcmp ack ag ugrep grep rg"
)
"""Programs that read what their operands name and write to their output; rows below say more of some of them."""

_LESS = (
    "o=write O=write log-file=write LOG-FILE=write k=code lesskey-file=code lesskey-src=code p,pattern= P= t= T=read j= x= y= "
    "z= b= h= N n S R r F X i I E e M m s G g c f q Q d u U J w W a A raw-control-chars RAW-CONTROL-CHARS quit-if-one-screen "
    "no-init chop-long-lines LINE-NUMBERS line-numbers ignore-case help version"
)

ROWS: dict[str, Row] = {
    **dict.fromkeys(READERS.split(), ("read*", "")),
    **dict.fromkeys(("xzcat", "lzcat"), ("read*", "files?names files0?names T,threads= M,memlimit= F,format=")),
    "zstdcat": (
        "read*",
        "o=write output-dir-flat=write output-dir-mirror=write D=read filelist=names trace=write patch-from=read f,force q,quiet v,verbose "
        "d k,keep c,stdout rm+delete no-progress progress T,threads= M,memory= no-check",
    ),
    "cut": ("read*", "b= c= d= f= delimiter= fields= characters= bytes= output-delimiter="),
    **dict.fromkeys(
        ("bat", "batcat"),
        (
            "read*",
            "pager=run l,language= H,highlight-line= file-name= diff-context= tabs= wrap= terminal-width= color= "
            "italic-text= decorations= "
            "paging= m,map-syntax= ignored-suffix= theme= style= r,line-range= strip-ansi= squeeze-limit= completion= config-file "
            "config-dir cache-dir diagnostic n,number p,plain? A,show-all d,diff S L list-languages list-themes f P h,help V,version "
            "u,unbuffered s,squeeze-blank force-colorization",
        ),
    ),
    "head": ("read*", "n= c= lines= bytes="),
    "tail": ("read*", "n= c= s= lines= bytes= pid= sleep-interval= max-unchanged-stats="),
    "nl": ("read*", "b= d= f= h= i= l= n= s= v= w="),
    "od": ("read*", "A= j= N= S? t= w? address-radix= skip-bytes= read-bytes= format= width="),
    "xxd": ("read write", "c= l= s= o= g= n= r p i b u h"),
    "hexdump": ("read*", "n= s= e= f=read"),
    "strings": ("read*", "n= t= e= T="),
    "paste": ("read*", "d= delimiters="),
    "join": ("read*", "1= 2= a= v= e= j= o= t="),
    "fold": ("read*", "w= width="),
    "fmt": ("read*", "w= p= g= width="),
    "column": ("read*", "s= c= t o= N= R= E= H= O= W= d= l="),
    "file": (
        "read*",
        "m,magic-file=read f,files-from=names F,separator= e,exclude= exclude-quiet= P,parameter= b,brief i,mime mime-type "
        "mime-encoding apple extension k,keep-going l,list L,dereference h,no-dereference N,no-pad n,no-buffer p,preserve-date r,raw "
        "s,special-files S v,version help z,uncompress Z,uncompress-noreport 0,print0 d,debug c,checking-printout C,compile+opaque",
    ),
    "tree": (
        "listtree*:.",
        "L= P= I= H= T= o=write filelimit= charset= timefmt= sort= fromfile gitignore noreport "
        "a d f i l x p s h g u D F q N Q A S C n X J v t c r U inodes device dirsfirst du si prune info matchdirs ignore-case",
    ),
    "wc": ("read*", "files0-from=names"),
    "du": (
        "listtree*:.",
        "B= d= t= X=read exclude= max-depth= block-size= threshold= time= time-style= files0-from=names exclude-from=read",
    ),
    **dict.fromkeys(
        ("nm", "objdump"),
        (
            "read*",
            "plugin=code a A B C,demangle? D e f=read? g h H i l M= n o p P r R s S t= T u v V w W x X= z j= m= b= L= d disassemble "
            "disassemble-all disassemble= source source-comment? syms all-headers dynamic-syms headers file-headers "
            "section-headers reloc "
            "dynamic-reloc full-contents line-numbers no-show-raw-insn wide section= start-address= stop-address= architecture= target= "
            "disassembler-options= disassembler-color= visualize-jumps? debug-syms defined-only extern-only dynamic undefined-only "
            "size-sort numeric-sort "
            "no-sort no-demangle print-size print-armap format= radix= portability reverse-sort special-syms with-symbol-versions "
            "line-numbers version help private-headers dwarf? prefix= prefix-strip= no-addresses",
        ),
    ),
    "cloc": (
        "read*",
        "out=write o=write report-file=write strip-comments=code strip-code=code write-lang-def=write ignored=write counted=write "
        "found=write categorized=write unique=write extract-with=run config=code quiet csv json xml yaml md hide-rate by-file "
        "by-file-by-lang by-percent= by-percent exclude-dir= exclude-ext= exclude-lang= exclude-content= exclude-list-file=read "
        "include-lang= include-ext= include-content= match-f= not-match-f= match-d= not-match-d= fullpath list-file=read vcs= git diff "
        "git-diff-rel git-diff-all skip-uniqueness sum-one progress-rate= csv-delimiter= force-lang= processes= timeout= "
        "read-lang-def=read force-lang-def=read unicode no3 sum-reports 3 follow-links no-recurse skip-win-hidden max-file-size= "
        "autoconf show-lang? show-ext? show-os v? verbose? version help",
    ),
    "scc": (
        "read*:.",
        "o,output=write f,format= format-multi=write by-file i,include-ext= x,exclude-ext= exclude-dir= n,not-match= s,sort= w,wide "
        "c,no-complexity no-cocomo d,no-duplicates z,min-gen no-gen no-min no-large no-size avg-wage= v,verbose ci count-as= l,languages "
        "p,percent u,uloc a,dryness version h,help remap-all= remap-unknown=",
    ),
    "ptx": ("read*", "G+opaque traditional+opaque A r f R t g= w= S= W= i=read o=read b=read"),
    "ffprobe": (
        "media*",
        "o=write -o=write -v= -loglevel= -f= -i=media -of= -print_format= -output_format= -show_entries= -select_streams= "
        "-read_intervals= "
        "-show_format -show_streams -show_packets -show_frames -show_chapters -show_programs -show_error -show_data -show_data_hash= "
        "-count_frames -count_packets -hide_banner -pretty -unit -prefix -sexagesimal -byte_binary_prefix -sections -bitexact "
        "-noprivate -private -version -h -probesize= -analyzeduration= -threads= -report+opaque",
    ),
    "mediainfo": ("read*", "LogFile=write Output= Inform= Full f Language= Help Version h"),
    "ls": (
        "list*:.",
        "I= w= T= block-size= color= format= hide= ignore= indicator-style= quoting-style= sort= time= time-style= width= "
        "tabsize= R+tree recursive+tree",
    ),
    "dir": ("list*:.", ""),
    "vdir": ("list*:.", ""),
    "exa": ("list*:.", "L= s= I= t="),
    "eza": ("list*:.", "L= s= I= t="),
    "lsd": ("list*:.", ""),
    "stat": ("open*", "c= format= printf= f="),
    "readlink": ("list*", ""),
    "realpath": ("list*", "relative-to= relative-base="),
    "namei": ("list*", ""),
    "pathchk": ("text*", ""),
    "seq": ("text*", "f= s= format= separator="),
    "expr": ("text*", ""),
    "factor": ("text*", ""),
    "numfmt": ("text*", ""),
    "true": ("text*", ""),
    "false": ("text*", ""),
    ":": ("text*", ""),
    "sleep": ("text*", ""),
    "yes": ("text*", ""),
    "nproc": ("text*", ""),
    "arch": ("text*", ""),
    "uname": ("text*", ""),
    "whoami": ("text*", ""),
    "id": ("text*", ""),
    "groups": ("text*", ""),
    "logname": ("text*", ""),
    "w": ("text*", ""),
    "tty": ("text*", ""),
    "hostid": ("text*", ""),
    "uptime": ("text*", ""),
    "cal": ("text*", ""),
    "ncal": ("text*", ""),
    "clear": ("text*", ""),
    "tput": ("text*", ""),
    "reset": ("text*", ""),
    "free": ("text*", ""),
    "vmstat": ("text*", ""),
    "iostat": ("text*", ""),
    "mpstat": ("text*", ""),
    "lscpu": ("text*", ""),
    "lsmem": ("text*", ""),
    "lsblk": ("text*", ""),
    "lsusb": ("text*", ""),
    "lspci": (
        "text*",
        "q+net Q+net qq+net O+exec G i=read F=read p=read s= d= A+exec M+exec H= v vv vvv n nn x xx xxx xxxx b D t k m mm P PP",
    ),
    "lsmod": ("text*", ""),
    "lsns": ("text*", ""),
    "locale": ("text*", ""),
    "getconf": ("text*", ""),
    "df": ("text*", ""),
    "pgrep": ("text*", ""),
    "pidof": ("text*", ""),
    "pstree": ("text*", ""),
    "top": ("text*", ""),
    "htop": ("text*", ""),
    "last": ("text*", "f,file=read n,limit= s,since= t,until= p,present= time-format= a F i w R x d"),
    "lastlog": ("text*", "b= t= u= C,clear+exec S,set+exec R,root= before= time= user="),
    "blkid": (
        "text*",
        "c,cache-file=write g,garbage-collect+exec k l,list-one L= U= s= t= o,output= p,probe d i O= S= u= n= D "
        "list-filesystems match-tag= label= uuid= no-encoding match-token= info offset= size= usages= match-types= "
        "no-part-details H= hint= h,help V,version",
    ),
    "findmnt": ("text*", "F,tab-file=read"),
    "sync": ("text*", ""),
    "stty": ("text*", "F,file=mode a,all g,save help version"),
    "lsof": (
        "text*",
        "a b C h n N O P R t U V v w X l K? E e= A= c= d= D=write f? F? g? i? k=read L? m= M? o? p= r? s? S? T? u= x? z? Z?",
    ),
    "figlet": ("text*", ""),
    "whereis": ("text*", ""),
    "c++filt": ("text*", ""),
    "vm_stat": ("text*", ""),
    "sw_vers": ("text*", ""),
    "whatis": ("page*", ""),
    "apropos": ("page*", ""),
    "dircolors": ("read*", ""),
    "uuidgen": ("text*", ""),
    "mcookie": ("text*", ""),
    "cmp": ("read read text*", "n= i= bytes= ignore-initial="),
    "diff": (
        "read*",
        "r+tree recursive+tree U= C= W= x= X=read F= I= L= label= unified= context= width= exclude= exclude-from=read "
        "from-file=read to-file=read "
        "horizon-lines= tabsize= color= palette= starting-file=",
    ),
    "vimdiff": ("read*", "c=code S=code"),
    "colordiff": ("read*", "U= C="),
    "difft": ("read*", ""),
    "sdiff": (
        "read*",
        "o,output=write i,ignore-case E,ignore-tab-expansion Z,ignore-trailing-space b,ignore-space-change W,ignore-all-space "
        "B,ignore-blank-lines I,ignore-matching-lines= strip-trailing-cr a,text w,width= l,left-column s,suppress-common-lines "
        "t,expand-tabs tabsize= d,minimal H,speed-large-files diff-program=run help v,version",
    ),
    "diff3": (
        "read*",
        "diff-program=cmd L,label= A,show-all e,ed E,show-overlap 3,easy-only x,overlap-only X i m,merge a,text T,initial-tab "
        "strip-trailing-cr help v,version",
    ),
    "sort": (
        "read*",
        "k,key= t,field-separator= S,buffer-size= T,temporary-directory= o,output=write batch-size= parallel= sort= "
        "compress-program=run files0-from=names random-source=read b d f g i M h n R r V c C m s u z ignore-leading-blanks "
        "dictionary-order ignore-case general-numeric-sort ignore-nonprinting month-sort human-numeric-sort numeric-sort random-sort "
        "reverse version-sort check? merge stable unique zero-terminated debug help version",
    ),
    "uniq": ("read write", "f= s= w= skip-fields= skip-chars= check-chars= group? all-repeated?"),
    "tr": ("text*", ""),
    "shuf": ("read*", "i= n= e r z o,output=write input-range= head-count= random-source=read echo repeat zero-terminated"),
    "split": (
        "read write",
        "a= b= C= l= n= t= suffix-length= bytes= line-bytes= lines= number= additional-suffix= filter=run d x e u "
        "numeric-suffixes? hex-suffixes? elide-empty-files unbuffered verbose separator=",
    ),
    "csplit": ("read text*", "f,prefix= b= n= k s z digits= suffix-format= keep-files quiet silent elide-empty-files"),
    "hostname": ("code", "f s i I d A a y F,file=code fqdn short ip-address all-ip-addresses domain long help version"),
    "man": (
        "page*",
        "P,pager=run H,html?+exec k f w a l=read C,config-file=code warnings? "
        "S= s= M=code L= m= e= R= E= p= t T= X?+exec Z c d D i I K all regex wildcard names-only help version where path apropos whatis "
        "locale= sections= extension= ignore-case match-case no-subpages encoding= no-hyphenation no-justification",
    ),
    "info": (
        "page*",
        "o,output=write f,file=read n,node= d,directory= k,apropos= index-search= init-file=code restore=read dribble=write variable= v= "
        "a,all b speech-friendly w,where,location O,show-options usage subnodes vi-keys strict-node-location R,raw-escapes x debug= "
        "h,help version",
    ),
    "help": ("text*", ""),
    "tldr": (
        "text*",
        "u,update+net update-cache+net s,search=+net f,render=read render=read l,list a,list-all p,platform= L,language= o,os= m,markdown "
        "c,clear-cache+opaque seed-config+opaque edit-page+exec edit-patch+exec gen-config q,quiet r,raw compact no-compact color= "
        "pager config-path short-options long-options v,version h,help linux osx random t,theme=",
    ),
    **dict.fromkeys(
        ("less", "zless"),
        ("read*", _LESS),
    ),
    "more": ("read*", ""),
    "zmore": ("read*", ""),
    "most": ("read*", ""),
    "touch": ("create*", "d= t= r=read date= reference=read time= a c m h f no-create no-dereference"),
    "mkdir": ("create*", "m= mode= Z? context? p v parents verbose"),
    "mkfifo": ("create*", "m= mode= Z"),
    "mknod": ("create text*", "m= mode= Z"),
    "mktemp": ("create:/tmp/tmp.X", "p= t u+hide d q tmpdir? suffix= dry-run directory quiet"),
    "install": (
        "read* write",
        "m= o= g= t=write S= d+write D s T "
        "C b v p Z? target-directory=write mode= owner= group= suffix= strip-program=run directory+write compare preserve-timestamps",
    ),
    "rmdir": ("delete*", ""),
    "unlink": ("delete*", ""),
    "shred": ("delete*", "n= s= iterations= size= random-source=read"),
    "fallocate": ("write*", "o= l= offset= length="),
    "setfacl": (
        "mode*",
        "R,recursive+tree m,modify= x,remove= M,modify-file=read X,remove-file=read restore=code set= "
        "set-file=read b,remove-all k,remove-default n,no-mask mask d,default test L,logical P,physical "
        "v,version h,help",
    ),
    "setfattr": ("mode*", "n= v= x= restore=code h,no-dereference help version"),
    "chcon": ("mode*", "t= u= r= l= reference=read R,recursive+tree"),
    "restorecon": ("mode*", "R,recursive+tree"),
    "dos2unix": ("write*", ""),
    "unix2dos": ("write*", ""),
    "ranlib": ("write*", ""),
    "strip": ("write*", "o=write"),
    "iconv": ("read*", "f= t= o,output=write l c s from-code= to-code= list silent verbose"),
    "grep": (
        "text read*",
        "r+tree R+tree recursive+tree dereference-recursive+tree "
        "e= f=read m= A= B= C= D= d= regexp= file=read max-count= after-context= before-context= context= include= exclude= "
        "exclude-from=read exclude-dir= include-dir= label= color? colour? binary-files= devices= directories= group-separator=",
    ),
    "rg": (
        "text read*",
        "e= f=read g= t= T= m= A= B= C= E= j= M= r= d= regexp= file=read glob= iglob= type= type-not= type-add= type-clear= "
        "max-count= after-context= before-context= context= encoding= threads= max-columns= replace= max-depth= maxdepth= "
        "color= colors= sort= sortr= engine= ignore-file=read path-separator= context-separator= field-match-separator= "
        "field-context-separator= dfa-size-limit= regex-size-limit= max-filesize= pre=filter pre-glob= hostname-bin=cmd "
        "hyperlink-format= generate= n N H I L l c o i s S v w x F P U u a b z 0 p q h V R line-number no-line-number files "
        "files-with-matches files-without-match count count-matches only-matching ignore-case case-sensitive smart-case "
        "invert-match word-regexp line-regexp fixed-strings pcre2 multiline multiline-dotall unrestricted text byte-offset "
        "search-zip null pretty quiet heading no-heading .,hidden no-hidden no-ignore no-ignore-vcs no-ignore-parent "
        "no-ignore-global no-ignore-dot no-ignore-exclude ignore no-config column no-column with-filename no-filename json "
        "vimgrep stats trim passthru passthrough follow type-list no-messages no-mmap mmap crlf null-data one-file-system "
        "max-columns-preview include-zero block-buffered line-buffered no-unicode debug trace help version "
        "glob-case-insensitive no-require-git auto-hybrid-regex stop-on-nonmatch",
    ),
    "ag": (
        "text read*",
        "A,after= B,before= C,context= G,file-search-regex= g= m,max-count= p,path-to-ignore=read W,width= pager=run nopager ignore= "
        "ignore-dir= depth= l,files-with-matches L,files-without-matches c,count i,ignore-case s,case-sensitive S,smart-case "
        "v,invert-match "
        "w,word-regexp Q,literal,fixed-strings a,all-types t,all-text u,unrestricted U,skip-vcs-ignores n,norecurse 0,null,print0 "
        "z,search-zip H,heading r,recurse R o,only-matching f,follow D,debug nocolor color color-line-number= color-match= color-path= "
        "nogroup group numbers nonumbers noheading hidden column break nobreak filename nofilename list-file-types mmap nommap multiline "
        "nomultiline one-device passthrough passthru print-long-lines search-binary silent stats stats-only vimgrep workers= ackmate "
        "version help cc cpp css csharp go haskell html java js json kotlin lua make markdown objc perl php python ruby rust sass scala "
        "shell sql swift ts vim xml yaml",
    ),
    "ugrep": (
        "text read*",
        "filter=code filter-magic-label= pager=run save-config=write config=code view=run Q? query= e= f=read g= glob= iglob= t= "
        "file-type= file-extension= file-magic= O= M= m= max-count= A= B= C= after-context= before-context= context= d= D= devices= "
        "directories= include= exclude= include-dir= exclude-dir= include-from=read exclude-from=read ignore-files? color? "
        "colour? colors= "
        "format= label= N= neg-regexp= regexp= file=read encoding= fuzzy? Z? z decompress zmax= depth= max-depth= min-depth= J= jobs= "
        "K= range= min-count= separator? context-separator? group-separator? sort? tabs? replace= binary-files= "
        "a b c E F G H h I i j k L l n o P p q R r S s T U V v W w X x y 0 1 2 3 4 5 6 7 8 9 and= andnot= not= or= bool files "
        "files-with-matches files-without-match count line-number no-line-number only-matching ignore-case smart-case word-regexp "
        "line-regexp fixed-strings perl-regexp extended-regexp basic-regexp quiet no-messages heading no-heading hidden tree pretty? "
        "invert-match recursive dereference-recursive with-filename no-filename null json csv xml hex text stats? help? version",
    ),
    "ack": (
        "text read*",
        "A= B= C= m= pager=run ackrc=code create-ackrc+write type= match= output=code files-from=names x?names range-start= "
        "t= help-types range-end= ignore-dir= ignore-file= no-recurse color nocolor color-filename= color-match= color-lineno= i-dir= "
        "R r "
        "recurse passthru group nogroup heading noheading break nobreak sort-files column count ignore-case smart-case "
        "invert-match word-regexp literal no-filename with-filename files-without-matches max-count= l L c i v w Q n h H f "
        "g o s 1 files-with-matches",
    ),
    **dict.fromkeys(
        ("base64", "base32", "basenc"),
        (
            "read*",
            "o,output=write w,wrap= b,break= d D decode i ignore-garbage input=read base64 base64url base32 base32hex base16 base2msbf "
            "base2lsbf base58 z85 h help version",
        ),
    ),
    "xmllint": (
        "read*",
        "o,output=write xpath= schema=read format noout noent+opaque encode= shell+opaque "
        "html recover pretty= valid+net noblanks nonet huge nowarning c14n relaxng=read dtdvalid=read",
    ),
    "tidy": (
        "read*",
        "m,modify+write o,output,output-file=write f,file=write -config=code config=code q,quiet e,errors i,indent u,upper "
        "c,clean b,bare n,numeric xml "
        "asxml ashtml raw utf8 latin1 w,wrap= v,version h,help show-body-only= show-warnings=",
    ),
    "jq": (
        "text read*",
        "f=read L= arg= from-file=read slurpfile= rawfile= argjson= indent= args jsonargs n r j a s S C M c e R tab "
        "raw-output null-input compact-output slurp raw-input sort-keys color-output monochrome-output exit-status join-output stream",
    ),
    **dict.fromkeys(
        ("tomlq", "xq"), ("text read*", "i+write in-place+write r s n e c C M S j a y Y t arg= argjson= indent= from-file=read")
    ),
    "yq": (
        "text read*",
        "i+write inplace+write in-place+write s=write o= p= I= P r y Y n e N C M c S j input-format= output-format= indent= "
        "from-file=read prettyPrint raw-output no-colors colors null-input exit-status unwrapScalar no-doc arg= argjson= front-matter= "
        "split-exp=write",
    ),
    "bc": ("read*", ""),
    "pandoc": (
        "read*",
        "o,output=write f,from,r,read=name t,to,w,write=name s,standalone F,filter=run L,lua-filter=code d,defaults=code template=read "
        "pdf-engine=run "
        "pdf-engine-opt=code metadata= metadata-file=read M= V,variable= toc H,include-in-header=read B=read A=read data-dir=code "
        "extract-media=write syntax-definition=read highlight-style= wrap= columns= reference-doc=read c,css= N,number-sections "
        "shift-heading-level-by= resource-path= toc-depth= log=write request-header= bibliography=read csl=read C,citeproc "
        "no-highlight preserve-tabs strip-comments embed-resources+opaque self-contained+opaque mathjax? katex? quiet "
        "verbose fail-if-warnings "
        "list-input-formats list-output-formats v,version h,help",
    ),
    "ffmpeg": ("write*", "-i=media -c= -c:v= -c:a= -vf= -f= -t= -ss= -to= -r= -b:v= -y -n"),
    "sqlite3_analyzer": ("read*", ""),
    "datamash": ("text*", ""),
    "dpkg-query": ("text*", ""),
    "apt-cache": ("text*", "o,option=code c,config-file=code p,pkg-cache= s,src-cache= q i n f a g h v names-only full installed recurse"),
    "apt-mark": ("code", ""),
    "rpmquery": (
        "text*",
        "p,package+opaque E,eval=code D,define=code undefine= load=code macros=code rcfile=code pipe=run a,all f,file= "
        "g,group= q,query i,info l,list c,configfiles "
        "d,docfiles s,state qf,queryformat= R,requires provides changelog scripts last whatprovides= whatrequires= h,help "
        "version v,verbose "
        "dbpath= r,root=",
    ),
    "pkg-config": ("text*", ""),
    "dmesg": (
        "text*",
        "c+exec C+exec n,console-level=code D+exec E+exec l= f= T H w x k u t r d L? level= facility= since= until= ctime "
        "human follow decode "
        "clear+exec read-clear+exec console-off+exec console-on+exec json nopager time-format= color? kernel userspace raw",
    ),
    "netstat": ("text*", ""),
    "ss": (
        "text*",
        "K+exec kill+exec D=write diag=write F=read filter=read a t u l n p x w e m o i r s H 4 6 0 b E N= f= A= tcp udp "
        "listening numeric "
        "processes all extended memory options info resolve summary no-header ipv4 ipv6 unix raw packet family= query= net= socket= "
        "Z,context z,contexts T,threads tos cgroup d,dccp S,sctp "
        "tipc vsock xdp M,mptcp bpf O,oneline B,bound-inactive events inet-sockopt V,version h,help",
    ),
}
