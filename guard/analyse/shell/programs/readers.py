"""Programs that only look at the machine, at the workspace or at nothing, each with all options that it is known to have.

An option that is not in a row parks, also where none in it does harm: what a program can do besides is not known from the rest. Rows are
read as `rows` says. Sources: the manual pages and usage texts of the programs.
"""

from __future__ import annotations

import re

from guard.analyse.shell.call import Call
from guard.analyse.shell.marks import HOLE, known, plain
from guard.analyse.shell.options import parse, spec
from guard.analyse.shell.programs import rows, unknown
from guard.model import Kind

_TEXTS: dict[str, rows.Row] = {
    "hexyl": (
        "read*",
        "n,length= c,bytes= s,skip= block-size= v,no-squeezing color= border= p,plain no-characters C,characters character-table= "
        "P,no-position o,display-offset= panels= g,group-size= groupsize= endianness= b,base= terminal-width= h,help V,version",
    ),
    "pv": (
        "read*",
        "p,progress t,timer e,eta I,fineta r,rate a,average-rate m,average-rate-window= b,bytes 8,bits T,buffer-percent "
        "A,last-written= F,format= n,numeric q,quiet c,cursor W,wait D,delay-start= s,size= l,line-mode 0,null i,interval= w,width= "
        "H,height= N,name= f,force R,remote=code L,rate-limit= B,buffer-size= C,no-splice E,skip-errors S,stop-at-size Y,sync "
        "K,direct-io d,watchfd= P,pidfile=write o,output=write U,store-and-forward=write X,discard v,stats k,si h,help V,version",
    ),
    "lolcat": ("read*", "p,spread= F,freq= S,seed= a,animate d,duration= s,speed= i,invert t,truecolor f,force v,version h,help"),
    "choose": (
        "text*",
        "f,field-separator= i,input=read o,output-field-separator= c,character-wise d,debug x,exclusive n,non-greedy one-indexed "
        "h,help V,version",
    ),
    "htmlq": (
        "text*",
        "f,filename=read o,output=write p,pretty t,text a,attribute= b,base= B,detect-base w,ignore-whitespace r,remove-nodes= h,help "
        "V,version",
    ),
    "wdiff": (
        "read*",
        "1,no-deleted 2,no-inserted 3,no-common C,copyright a,auto-pager+exec d,diff-input h,help i,ignore-case l,less-mode "
        "n,avoid-wraps "
        "p,printer s,statistics t,terminal v,version w,start-delete= x,end-delete= y,start-insert= z,end-insert=",
    ),
    "icdiff": (
        "read*",
        "E,exclude-lines= L,label= N,line-numbers H,highlight U,unified= W,whole-file r,recursive+tree s,report-identical-files u,patch "
        "cols= encoding= output-encoding= numlines= no-headers no-bold strip-trailing-cr tabsize= show-all-spaces show-no-spaces "
        "permissions color-map= truncate h,help version",
    ),
    **dict.fromkeys(("xzless", "xzmore", "zstdless", "bzless", "bzmore", "lzless", "lzmore"), ("read*", "h,help V,version")),
    **dict.fromkeys(("xzdiff", "xzcmp", "bzdiff", "bzcmp", "lzdiff", "lzcmp"), ("read*", "u c q s b B i w y l help version")),
    "zipgrep": ("text read text*", "i n v w l L c h H o E F e= A= B= C= m="),
    "ul": ("read*", "i,indicated t,terminal= T= h,help V,version"),
    "isutf8": ("read*", "q,quiet l,list i,invert v,verbose h,help"),
    "mimetype": (
        "read*",
        "a,all b,brief d,describe i,mimetype D,debug f,namefile=names F,separator= L,dereference l,language= M,magic-only N,noalign "
        "output-format= stdin file-compat h,help u,usage v,version",
    ),
    "pdffonts": ("read*", "-f= -l= -subst -loc -locPS -opw= -upw= -v -h"),
    "pdfimages": (
        "read write",
        "-f= -l= -png -tiff -j -jp2 -jbig2 -ccitt -all -list -opw= -upw= -p -q -v -h -print-filenames",
    ),
    "onefetch": (
        "readtree*:.",
        "d,disabled-fields= no-title number-of-authors= number-of-languages= number-of-file-churns= churn-pool-size= e,exclude= no-bots? "
        "no-merges E,email http-url hide-token include-hidden T,type= text-colors= z,iso-time number-separator= no-bold ascii-input= "
        "c,ascii-colors= a,ascii-language= true-color= i,image=read image-protocol= color-resolution= no-color-palette no-art nerd-fonts "
        "o,output= generate=code l,languages p,package-managers h,help V,version",
    ),
    "getcap": ("list*", "r+tree v n h"),
    "plutil": (
        "read*",
        "-p -lint -s -help -convert=code -insert=code -replace=code -remove=code -extract=code -create=code -type= -o=write -e=code -r -n",
    ),
    "pngcheck": ("read*", "7 c f h p q s t v w x+write"),
    "xxhsum": (
        "read*",
        "H= c,check q,quiet s,status strict w,warn tag little-endian binary filelist=names files-from=names b i= B= V,version h,help",
    ),
    "b3sum": ("read*", "keyed derive-key= l,length= seek= num-threads= no-mmap no-names raw tag c,check quiet h,help V,version"),
    "gofmt": ("readtree*", "-l -d -e -s -w+write -r= -cpuprofile=write"),
    "clang-format": (
        "read*",
        "i+write -i+write style,-style= assume-filename,-assume-filename= fallback-style,-fallback-style= lines,-lines= offset,-offset= "
        "length,-length= sort-includes,-sort-includes n,dry-run,-dry-run Werror,-Werror ferror-limit= files=names "
        "output-replacements-xml,-output-replacements-xml dump-config,-dump-config verbose cursor= qualifier-alignment= "
        "color,fcolor-diagnostics,-fcolor-diagnostics fno-color-diagnostics version help h",
    ),
    "shfmt": (
        "readtree*",
        "l,list d,diff w,write+write i,indent= -i= -ln= language-dialect= p,posix bn,-bn ci,-ci sr,-sr kp,-kp fn,-fn mn,-mn "
        "binary-next-line "
        "case-indent space-redirects keep-padding func-next-line minify s,simplify f,find to-json from-json filename= apply-ignore "
        "version h,help",
    ),
    "yamllint": ("readtree*", "c,config-file=read d,config-data= f,format= s,strict no-warnings list-files v,version h,help"),
    "hadolint": (
        "read*",
        "c,config=read f,format= t,failure-threshold= ignore= trusted-registry= no-fail no-color nofail strict-labels require-label= "
        "disable-ignore-pragma error= warning= info= style= file-path-in-report= V,verbose v,version h,help",
    ),
    "typos": (
        "readtree*:.",
        "w,write-changes+write diff files file-types identifiers words c,config=read isolated sort format= locale= j,threads= exclude= "
        "force-exclude hidden no-ignore no-ignore-dot no-ignore-global no-ignore-parent no-ignore-vcs type-list dump-config=write color= "
        "v,verbose q,quiet h,help V,version",
    ),
    "dpkg-deb": (
        "read*",
        "b,build+write x,extract+write X,vextract+write R,raw-extract+write e,control+write c,contents I,info f,field W,show "
        "showformat= fsys-tarfile ctrl-tarfile D,debug v,verbose h,help version",
    ),
    "otool": ("read*", "a f h l L D t x p= s= d o r S M v V g I T H c q Q m X j P C B version"),
    "lipo": (
        "read*",
        "-archs -info -detailed_info -verify_arch -create -thin= -extract= -extract_family= -remove= -replace=code "
        "-output=write -o=write -arch= -segalign=",
    ),
    "mdls": ("read*", "-name= n,name= -n= -raw r,raw -nullMarker= -plist=write"),
    "xattr": ("read*", "l x v s r+tree p= h,help w+write d+write c+write"),
}
"""Programs that read what their operands name."""

_ON_NOTHING: dict[str, rows.Row] = {
    "cowsay": ("text*", "b d g p s t w y e= T= f=name r n l W= h C"),
    "cowthink": ("text*", "b d g p s t w y e= T= f=name r n l W= h C"),
    "toilet": (
        "text*",
        "f,font=read d,directory=read s S k W o w,width= t,termwidth F,filter= gay metal E,export= irc html I,infocode= h,help v,version",
    ),
    "fortune": ("read*", "a c e f l o s i w m= n= u U v"),
    "banner": ("text*", "w= t d"),
    "pwgen": (
        "text*",
        "0,no-numerals A,no-capitalize B,ambiguous c,capitalize n,numerals N,num-passwords= r,remove-chars= s,secure v,no-vowels "
        "y,symbols 1 C H,sha1=read a,alt-phonics h,help",
    ),
    "uuid": ("text*", "1 d m n= r v= F= o=write h"),
    "units": (
        "text*",
        "c,check check-verbose verbose-check d,digits= e,exponential f,file=read L,log=write H,history=write h,help i,interactive "
        "m,minus "
        "oldstar newstar n,nolists S,show-factor 1,one-line o,output-format= p,product q,quiet,silent r,round s,strict u,units= "
        "U,unitsfile t,terse v,verbose compact I,info V,version l,locale=",
    ),
    "ascii": ("text*", "t s x d o b n h v a"),
    "zdump": ("read*", "v V c= t= i help version"),
    "systemd-escape": ("text*", "suffix= template= p,path instance u,unescape m,mangle h,help version"),
    "systemd-id128": ("text*", "p,pretty P,value u,uuid a,app-specific= no-pager no-legend json= j h,help version"),
    "systemd-path": ("text*", "suffix= no-pager h,help version"),
}
"""Programs that compute, or write texts of their own; `cowsay` runs a cow that is a file."""

_MACHINE: dict[str, rows.Row] = {
    "system_profiler": ("text*", "-detailLevel= -json -xml -listDataTypes -timeout= -nospawn -usage"),
    "acpi": (
        "text*",
        "b,battery a,ac-adapter t,thermal c,cooling V,everything i,details s,show-empty S,hide-empty f,fahrenheit k,kelvin d,directory= "
        "p,proc h,help v,version",
    ),
    "upower": ("text*", "e,enumerate d,dump w,wakeups m,monitor monitor-detail i,show-info= b,battery v,version h,help"),
    "sensors": ("text*", "c,config-file=read s,set+exec f,fahrenheit A,no-adapter bus-list u j n v,version h,help allow-no-sensors"),
    "lshw": (
        "text*",
        "-html -xml -json -short -businfo -dump=write -class= class= C= -C= c= -c= -enable= enable= -disable= disable= -quiet quiet "
        "-sanitize sanitize -numeric numeric -notime notime -version version -help help -X+exec X+exec",
    ),
    "hwinfo": (
        "text*",
        "all arch bios block bluetooth braille bridge camera cdrom chipcard cpu disk dsl dvb fingerprint floppy framebuffer gfxcard hub "
        "ide isapnp isdn joystick keyboard memory mmc-ctrl modem monitor mouse netcard network partition pci pcmcia pcmcia-ctrl printer "
        "scanner scsi smp sound storage-ctrl sys tape tv uml usb usb-ctrl vbe wlan xen zip short listmd only= log=write "
        "dump-db= dump-db-raw= show-config= save-config=code map debug= verbose version h,help",
    ),
    "dmidecode": (
        "text*",
        "d,dev-mem=read q,quiet s,string= t,type= H,handle= u,dump dump-bin=write from-dump=read no-sysfs no-quirks oem-string= "
        "list-strings "
        "list-types h,help V,version",
    ),
    "inxi": (
        "text*",
        "A,audio a,admin b,basic B,battery c? color= C,cpu d,disk-full D,disk E,bluetooth f,flags F,full G,graphics i,ip+net I,info "
        "j,swap J,usb l,label L,logical m,memory M,machine n,network-advanced N,network o,unmounted p,partitions-full P,partitions "
        "r,repos "
        "R,raid s,sensors S,system t,processes slots u,uuid w,weather+net W,weather-location=post U,update+exec x,extra y? width= "
        "z,filter "
        "Z,filter-override no-host host no-sudo h,help V,version",
    ),
    "ipcs": (
        "text*",
        "i,id= m,shmems q,queues s,semaphores a,all t,time p,pid c,creator l,limits u,summary human b,bytes h,help V,version",
    ),
    "lsipc": (
        "text*",
        "i,id= q,queues m,shmems s,semaphores M,posix-shmems Q,posix-mqueues S,posix-semaphores N,name= g,global b,bytes c,creator "
        "e,export J,json l,list n,newline noheadings notruncate o,output= P,numeric-perms r,raw t,time time-format= y,shell z,zero "
        "h,help V,version",
    ),
    "lslocks": (
        "text*",
        "b,bytes i,noinaccessible J,json n,noheadings l,list-columns o,output= output-all p,pid= r,raw u,notruncate y,shell h,help "
        "V,version",
    ),
    "lsfd": (
        "text*",
        "l,threads J,json n,noheadings o,output= output-all? r,raw u,notruncate p,pid= i,inet? Q,filter= C,counter= debug-filter "
        "summary? dump-counters H,list-columns h,help V,version",
    ),
    "lsirq": ("text*", "J,json P,pairs n,noheadings o,output= s,sort= S,softirq t,threshold= C,cpu-list= h,help V,version"),
    "lsscsi": (
        "text*",
        "b,brief c,classic C,controllers d,device D,pdt g,generic h,help H,hosts i,scsi_id I k,kname l,list L,long n,no-nvme N "
        "p,protection "
        "P,protmode s,size S,sz-lbs sysfsroot=,y t,transport u,unit U,long-unit v,verbose V,version w,wwn x,lunhex",
    ),
    "pmap": ("text*", "x,extended d,device q,quiet A,range= X p,show-path h,help V,version"),
    "pwdx": ("text*", "h,help V,version"),
    "slabtop": ("text*", "d,delay= o,once s,sort= human h,help V,version"),
    "tload": ("write*", "d,delay= s,scale= h,help V,version"),
    "pidstat": ("text*", "C= d D e+exec H h I l p= G= R r s t T= u U? V v w j dec= human"),
    "duf": (
        "text*",
        "all avail-threshold= hide= hide-fs= hide-mp= inodes json only= only-fs= only-mp= output= sort= style= theme= usage-threshold= "
        "warnings width= version help -all -json -inodes -hide= -only= -sort= -output=",
    ),
    "dust": (
        "listtree*:.",
        "d,depth= T,threads= config=read n,number-of-lines= p,full-paths X,ignore-directory= I,ignore-all-in-file=read "
        "L,dereference-links "
        "x,limit-filesystem s,apparent-size r,reverse c,no-colors C,force-colors b,no-percent-bars B,bars-on-right z,min-size= "
        "R,screen-reader skip-total f,filecount i,ignore_hidden,ignore-hidden v,invert-filter= e,filter= t,file_types,file-types "
        "w,terminal_width,terminal-width= P,no-progress print-errors D,only-dir F,only-file o,output-format= S,stack-size= j,output-json "
        "M,mtime= A,atime= y,ctime= files0-from=names files-from=names collapse= m,filetime= h,help V,version",
    ),
    "dutree": ("listtree*:.", "d,depth= a,aggr= s,summary u,usage b,bytes f,files-only x,exclude= H,no-hidden A,ascii h,help v,version"),
    "procs": (
        "text*",
        "a,and o,or d,nand r,nor l,list t,tree thread w,watch W,watch-interval= i,insert=code only=code sorta= sortd= color= theme= "
        "no-header use-config= load-config=read gen-config gen-completion=code gen-completion-out=code pager=name interval= h,help "
        "V,version",
    ),
    "filefrag": ("read*", "b? B e k s v x X P E"),
    "mountpoint": ("list*", "q,quiet nofollow d,fs-devno x,devno h,help V,version"),
    "systemd-detect-virt": ("text*", "c,container v,vm r,chroot private-users cvm q,quiet list list-cvm h,help version"),
    "systemd-cgls": ("text*", "all l,full k u,unit? user-unit? x,xattr c,cgroup-id M,machine=code no-pager h,help version"),
    "systemd-ac-power": ("text*", "v,verbose low h,help version"),
    "systemd-delta": ("read*", "t,type= diff= no-pager h,help version"),
    "runlevel": ("text*", "help"),
    "getenforce": ("text*", "h"),
    "selinuxenabled": ("text*", "h"),
    "sestatus": ("text*", "b v h"),
    "getsebool": ("text*", "a h"),
    "cpufreq-info": (
        "text*",
        "c,cpu= e,debug f,freq w,hwfreq l,hwlimits d,driver p,policy g,governors r,related-cpus a,affected-cpus s,stats y,latency o,proc "
        "m,human n,no-rounding h,help",
    ),
    "glxinfo": ("text*", "B i v h b l s t -display=connect display=connect"),
    "eglinfo": ("text*", "B h"),
    "vainfo": ("text*", "a,all display= device=read h,help"),
    "tlp-stat": ("text*", "b,battery c,config d,disk e,pcie g,graphics m,mode p,processor q,quiet r,rfkill s,system t,temp u,usb v w,warn"),
}
"""Programs that tell how the machine is made and what it does."""

_DELTA = (
    "blame-code-style= blame-format= blame-palette= blame-separator-format= blame-separator-style= blame-timestamp-format= color-only "
    "config=code commit-decoration-style= commit-regex= commit-style= dark default-language= detect-dark-light= diff-highlight "
    "diff-so-fancy @,diff-args=code features= file-added-label= file-copied-label= file-decoration-style= file-modified-label= "
    "file-removed-label= file-renamed-label= file-style= file-transformation= hunk-header-decoration-style= hunk-header-file-style= "
    "hunk-header-line-number-style= hunk-header-style= hunk-label= hyperlinks hyperlinks-file-link-format= inline-hint-style= "
    "keep-plus-minus-markers light line-buffer-size= line-fill-method= n,line-numbers line-numbers-left-format= "
    "line-numbers-right-format= list-languages list-syntax-themes map-styles= max-line-distance= max-line-length= minus-style= "
    "minus-emph-style= navigate+opaque no-gitconfig pager=run paging= plus-style= plus-emph-style= raw relative-paths show-colors "
    "show-config show-syntax-themes show-themes s,side-by-side syntax-theme= tabs= true-color= w,width= wrap-max-lines= "
    "whitespace-error-style= zero-style= h,help V,version"
)

ROWS: dict[str, rows.Row] = {"delta": ("read*", _DELTA), **_TEXTS, **_ON_NOTHING, **_MACHINE}


def closed(call: Call) -> str:
    """A program of which all options are known: any other parks."""
    row = ROWS[call.name]
    if not spec(row[1]).closed:
        call.unknown_options(parse(call.args, row[1]).unknown)
    return rows.run(call, row)


_LOCATE = (
    "A,all b,basename c,count d,database=read e,existing E,non-existing i,ignore-case L,follow l,limit,n= m,mmap N,literal 0,null "
    "P,nofollow "
    "q,quiet r,regexp= regex regextype= s,stdio S,statistics w,wholename p,print h,help V,version"
)


def indexed(call: Call) -> str:
    """locate, mdfind: names out of an index of all the machine, or of the folder that an option gives."""
    parsed = parse(call.args, "-onlyin= -name= -live -count -literal -interpret 0 -s=" if call.name == "mdfind" else _LOCATE)
    call.unknown_options(parsed.unknown)
    for option, value in parsed.options:
        if option.role and value is not None:
            rows.act(call, option.role, value)
    call.sh.look(parsed.value("-onlyin") or "/", tree=True)
    return HOLE


def people(call: Call) -> str:
    """finger, pinky: who is there; of those who are named, or at length, what the machine knows of them; of another machine it is "
    "asked."""
    parsed = parse(call.args, "l m s p o w b h f i q 4 6 help version lookup")
    call.unknown_options(parsed.unknown)
    for word in parsed.operands:
        if "@" in plain(word) or not known(word):
            call.host(plain(word).rpartition("@")[2], 79, taint=True)
    if parsed.operands or parsed.has("l"):
        call.sh.read("/etc/passwd")
        call.sh.read("\x05/.plan")
    return HOLE


_GPU = {
    "": "L,list-gpus B,list-excluded-gpus q,query u,unit i,id= f,filename=write x,xml-format dtd debug=write d,display= l,loop= "
    "lms,loop-ms= "
    "-lms= query-gpu= query-supported-clocks= query-compute-apps= query-accounted-apps= query-retired-pages= query-remapped-rows= "
    "format= h,help version help-query-gpu help-query-compute-apps",
    "dmon": "i= d= c= s= o= f=write h,help gpm-metrics= gpm-options= format=",
    "pmon": "i= d= c= s= o= f=write h,help",
    "topo": "m,matrix -mp i= c= n= p -p2p= h,help",
}
"""What nvidia-smi only shows: without a word, and behind these."""


def graphics(call: Call) -> str:
    """nvidia-smi: shows the cards; other words and options set them."""
    verb = plain(call.args[0]) if call.args and not call.args[0].startswith("-") else ""
    if verb not in _GPU:
        return unknown.run(call)
    parsed = parse(call.args[1:] if verb else call.args, _GPU[verb])
    if parsed.unknown or (parsed.operands and not verb):
        call.execute(call.name, f"{call.line}: sets how cards work")
    call.unknown_options(parsed.unknown)
    for option, value in parsed.options:
        if option.role and value is not None:
            rows.act(call, option.role, value)
    return HOLE


def power_settings(call: Call) -> str:
    """pmset: behind -g it shows the settings of power; all else changes them."""
    shows = [plain(arg) for arg in call.args[:1]] == ["-g"] and not any(arg.startswith("-") for arg in call.args[1:])
    return HOLE if shows else unknown.run(call)


_RUSTFMT = (
    "check emit= edition= style-edition= config-path=read config= color= l,files-with-diff v,verbose q,quiet unstable-features "
    "error-on-unformatted "
    "file-lines= skip-children h,help V,version"
)


def rustfmt(call: Call) -> str:
    """rustfmt: rewrites the files and the modules that they name, unless it is to check."""
    parsed = parse(call.args, _RUSTFMT)
    call.unknown_options(parsed.unknown)
    shows = parsed.has("check") or plain(parsed.value("emit") or "") in ("stdout", "json", "checkstyle")
    for word in parsed.operands:
        call.sh.read(word)
        if not shows:
            call.sh.write(word, verb="formats")
    if parsed.operands and not shows:
        call.sh.write("\x03", verb="formats the modules that a file names:")
    return HOLE


def glow(call: Call) -> str:
    """glow: shows documents of the workspace, or fetches one."""
    options = "a,all c,config=code p,pager l,line-numbers n,preserve-new-lines m,mouse s,style=read t,tui w,width= h,help v,version"
    parsed = parse(call.args, options)
    rows.run(call, ("text*", options))
    for word in parsed.operands or ["."]:
        if plain(word).lower().startswith(("http://", "https://", "github", "gitlab")) or not known(word):
            call.url(word, Kind.HTTP_GET, scheme="https")
        else:
            call.sh.read(word, tree=word == ".")
    return HOLE


def archive_of_objects(call: Call) -> str:
    """ar: the letters say whether it prints or changes."""
    keys = plain(call.args[0]).lstrip("-") if call.args else ""
    if keys == "M" or any(re.match(r"--(?!version$|help$|thin$)", plain(arg)) for arg in call.args):
        call.sh.opaque("ar runs a script of its input, or loads a plug-in")
    if set(keys) <= set("tpvVOoSTD") and keys[:1] in ("t", "p"):
        return rows.run(Call(name=call.name, args=call.args[1:], walker=call.walker), ("read text*", ""))
    if keys[:1] == "x":
        call.sh.write("\x03", verb="takes out of an archive")
        return rows.run(call, ("text read text*", ""))
    return rows.run(call, ("text write read*", ""))


RUNNERS = {
    **dict.fromkeys(ROWS, closed),
    **dict.fromkeys(("locate", "plocate", "mlocate", "slocate", "mdfind"), indexed),
    **dict.fromkeys(("finger", "pinky"), people),
    "nvidia-smi": graphics,
    "rustfmt": rustfmt,
    "glow": glow,
    "pmset": power_settings,
    "ar": archive_of_objects,
}
