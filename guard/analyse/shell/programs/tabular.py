"""Programs that read tables, trees of values and documents: Miller, xsv, csvkit, dasel, groff. What their own languages do is looked for.

Sources: Miller's "Reference: Main Flag List", "Reference: Verbs", "DSL Output Statements"; the usage texts of xsv, qsv, csvkit and dasel.
"""

from __future__ import annotations

import re

from guard.analyse.shell.call import Call
from guard.analyse.shell.marks import HOLE, STAR, UNKNOWN, known, listed, plain
from guard.analyse.shell.options import parse
from guard.analyse.shell.programs import rows

_MAIN = (
    "from= ofmt= nr-progress-mod= load=code mload=code s=code tz= nidx fs= ifs= ofs= ps= ips= ops= rs= irs= ors= repifs i= o= "
    "io= c2j c2p c2t c2d c2n c2m c2b c2l t2c t2j t2p t2d t2n t2m t2l j2c j2t j2p j2d j2n j2m j2l l2c l2j l2p n2c n2j n2p p2c p2j "
    "p2t x2c x2j x2p icsv ocsv csv c itsv otsv tsv t ijson ojson json j ijsonl ojsonl jsonl ixtab oxtab xtab ipprint opprint "
    "pprint inidx onidx idkvp odkvp dkvp omd imd omarkdown icsvlite ocsvlite csvlite barred right barred-input "
    "implicit-csv-header headerless-csv-output headerless-csv-input implicit-tsv-header allow-ragged-csv-input ragged hi ho "
    "quote-all quote-original lazy-quotes jvstack no-jvstack jlistwrap jvquoteall no-color xvright key-color= value-color= "
    "pass-color= fail-color= help-color= records-per-batch= nr-threads= no-auto-flatten no-auto-unflatten flatsep= oflatsep= "
    "infer-none infer-all infer-octal S A O n M C always-color gzin bz2in zin zstdin fflatsep= no-fflatsep skip-comments "
    "pass-comments skip-comments-with= pass-comments-with= files=names unsparsify version help h"
)
_VERBS = {
    "altkv": "",
    "bar": "f= lo= hi= w= x= b= o= auto",
    "bootstrap": "n=",
    "bottom": "f= g= n= a o=",
    "cat": "n N= g= filename filenum",
    "count": "d n o= g=",
    "count-distinct": "f= u n o=",
    "count-similar": "g= o=",
    "cut": "f= o x r complement",
    "decimate": "n= b e g=",
    "fill-down": "a f= only-if-blank only-if-any-blank",
    "fill-empty": "v= S only-if-blank",
    "flatten": "s= f=",
    "format-values": "n i= f= s=",
    "fraction": "f= g= p c",
    "gap": "n= g=",
    "grep": "i v a",
    "group-by": "",
    "group-like": "",
    "having-fields": "at-least= all-defined= any-defined= none-defined= at-most= any-matching= all-matching=",
    "head": "n= g=",
    "json-parse": "f= k",
    "json-stringify": "f=",
    "join": "f=read j= l= r= lp= rp= lk= np ul ur u s i= prepipe=run prepipex=run",
    "label": "",
    "least-frequent": "f= b o=",
    "merge-fields": "a= f= r= c= o= k",
    "most-frequent": "f= b o= n=",
    "nest": "ivar= explode implode values pairs across-records across-fields nested-fs= nested-ps= f= evar=",
    "nothing": "",
    "regularize": "",
    "rename": "r g",
    "reorder": "f= e",
    "repeat": "n= f=",
    "reshape": "i= r= o= s=",
    "sec2gmt": "millis micros nanos",
    "sec2gmtdate": "",
    "seqgen": "f= start= stop= step=",
    "sort": "f= r= -nf= -nr= c= -cr= t= -tr= n=",
    "sort-within-records": "r",
    "sparsify": "s= f=",
    "split-join": "",
    "stats1": "a= f= g= -fr= -fx= -gr= -gx= i s F",
    "stats2": "a= f= g= fit",
    "step": "a= f= g= d= o= shift",
    "strptime": "",
    "sub": "f= a",
    "gsub": "f= a",
    "ssub": "f= a",
    "summary": "a= x= transpose",
    "tac": "",
    "tail": "n= g=",
    "template": "f= t=read fill-with=",
    "top": "n= f= g= a o= output-field-name= min max",
    "unflatten": "f= s=",
    "uniq": "g= x= c n o= a d u",
    "unspace": "k v f=",
    "unsparsify": "f= fill-with=",
    "utf8-to-latin1": "",
    "sample": "k= g=",
    "shuffle": "",
    "sec2str": "",
}
"""Verbs that only make other records, with their options."""
_OWN_WORDS = {"grep": 1, "rename": 1, "label": 1, "group-by": 1, "sec2gmt": 1, "sec2gmtdate": 1, "sub": 2, "gsub": 2, "ssub": 2}
"""Verbs that take words of their own behind their options, and how many."""
_DSL_OPTIONS = "f=code e= s= q S F x v d D X"
_DSL_TEXT = re.compile(r'"(?:\\.|[^"\\])*"|#[^\n]*')
_DSL_OUT = re.compile(r"\b(?:emit[1pf]?|printn?|dump)\b")
_DSL_TARGET = re.compile(r"[{}();]|>(?!\s*std(?:err|out)\b)|\|")


def mlr(call: Call) -> str:
    """mlr [flags] verb … [then verb …] [files]; in place (-I) it writes the files."""
    parsed = parse(call.args, _MAIN, permute=False)
    call.unknown_options([option for option in parsed.unknown if option != "-I"])
    for option, value in parsed.options:
        if option.role and value is not None:
            rows.act(call, option.role, value)
    if parsed.has("version", "help", "h"):
        return HOLE
    words, more = parsed.operands, True
    while more and words:
        words = _verb(call, words)
        more = words[:1] == ["then"]
        words = words[1:] if more else words
    if "then" in words:
        call.sh.opaque("mlr has a chain of verbs of which guard does not see where one ends")
    for word in [*words, *(value for option, value in parsed.options if option.name == "from" and value is not None)]:
        call.sh.read(word)
        if "-I" in parsed.unknown:
            call.sh.write(word, verb="edits")
    return HOLE


def _verb(call: Call, words: list[str]) -> list[str]:
    """One verb of the chain; gives what stands behind it."""
    name, args = plain(words[0]), words[1:]
    if name in ("put", "filter"):
        parsed = parse(args, _DSL_OPTIONS, permute=False)
        given = [value for option, value in parsed.options if option.name == "e" and value is not None]
        rest = parsed.operands if given or parsed.has("f") else parsed.operands[1:]
        call.unknown_options(parsed.unknown)
        if parsed.has("f"):
            call.sh.read(parsed.value("f") or "")
            call.sh.opaque("mlr runs a program from a file")
        for text in given or parsed.operands[: 0 if parsed.has("f") else 1]:
            _dsl(call, text)
        return rest
    if name not in _VERBS or not known(words[0]):
        if name in ("tee", "split"):
            target = parse(args, "a p o=", permute=False).operands[:1] if name == "tee" else [STAR]
            call.sh.write(target[0] if target else STAR)
        call.sh.opaque(f"mlr has a verb that guard does not know: {name[:40]}")
        end = next((place for place, word in enumerate(args) if word == "then"), len(args))
        return args[end:]
    parsed = parse(args, _VERBS[name], permute=False)
    call.unknown_options(parsed.unknown)  # one that takes a value would leave the verb's end somewhere else
    for option, value in parsed.options:
        if option.role and value is not None:
            rows.act(call, option.role, value)
    return parsed.operands[_OWN_WORDS.get(name, 0) :]


def _dsl(call: Call, text: str) -> None:
    """A program of Miller's own language: it can run commands, write files and read the environment."""
    if UNKNOWN.search(text) or len(text) > 8000:  # a pattern here looks ahead at each place
        call.sh.opaque("mlr runs a program that is only known when it runs, or is too long")
        return
    bare = _DSL_TEXT.sub(" ", plain(text))
    if re.search(r"\b(?:system|exec)\s*\(", bare):
        call.sh.opaque("mlr runs commands from its program")
    if re.search(r"\bENV\b", bare):
        call.sh.env("")
    if re.search(r"\btee\b", bare) or any(_redirected(bare, match.end()) for match in _DSL_OUT.finditer(bare)):
        call.sh.write(HOLE, verb="mlr writes")
        call.sh.opaque("mlr writes to files or commands that its program names")


def _redirected(bare: str, start: int) -> bool:
    """Whether the output statement that begins there goes to a file or a command; maps and functions in it may hold `;` and `}`."""
    depth = 0
    for token in _DSL_TARGET.finditer(bare, start):
        if token[0] in "{(":
            depth += 1
        elif token[0] in "})":
            depth -= 1
        if depth < 0 or (token[0] == ";" and not depth):
            return False
        if not depth and token[0] in ">|":
            return True
    return False


_XSV = "o,output=write d,delimiter= n,no-headers s,select= j,jobs= l,limit= memory+hide "
_XSV_ROWS = {
    **dict.fromkeys(listed("count headers stats table fmt flatten fixlengths sort reverse transpose frequency input"), "read*"),
    **dict.fromkeys(listed("behead safenames sniff sortcheck pseudo enum jsonl"), "read*"),
    **dict.fromkeys(listed("select search sample rename explode"), "text read*"),
    **dict.fromkeys(("cat",), "text read*"),
    **dict.fromkeys(("replace", "fill"), "text text read*"),
    "slice": "read*",
    "join": "text read text read",
}
"""Subcommands of xsv and qsv that write to their output, or to what -o names."""
_XSV_OPTIONS = (
    _XSV + "i,ignore-case v,invert-match everything mode cardinality median nullable N,numeric R,random p,pad= w,width= align= "
    "c,condense= start= e,end= len= index= just-names left right outer full cross nulls quote= quote-always quote-never escape= "
    "ascii crlf t,out-delimiter= no-case a,asc f,flag= u,unicode quick json human-readable rename= size= seed= unique faster "
    "field-separator= separator= infer-dates dates-whitelist= weighted prefer-dmy trim other-text= other-sorted lmt-threshold= "
    "unq-limit= no-nulls no-other no-trim"
)


def xsv(call: Call) -> str:
    """xsv, qsv: the first word says what is done; the rest reads files and writes to the output."""
    verb, args = (plain(call.args[0]), call.args[1:]) if call.args else ("", [])
    if verb in ("--version", "--list", "--help", "help", "") or args == ["--help"]:
        return HOLE
    if verb not in _XSV_ROWS or not known(call.args[0]):
        call.execute(call.name, f"{call.line}: does what guard does not know")
        for word in args:
            if not word.startswith("-") and re.search(r"[./]", plain(word)):
                call.sh.read(word)
        return HOLE
    if any(value is not None and value.startswith("-") and value != "-" for _, value in parse(args, _XSV_OPTIONS).options):
        call.sh.opaque(f"{call.name} {verb} has an option that is perhaps not what another one takes")
    return rows.run(Call(name=call.name, args=args, walker=call.walker), (_XSV_ROWS[verb], _XSV_OPTIONS))


_CSVKIT = (
    "d,delimiter= t,tabs q,quotechar= u,quoting= b,no-doublequote p,escapechar= z,maxfieldsize= e,encoding= L,locale= "
    "S,skipinitialspace blanks null-value= date-format= datetime-format= no-leading-zeroes H,no-header-row K,skip-lines= "
    "v,verbose l,linenumbers zero V,version add-bom I,no-inference y,snifflimit= c,columns= C,not-columns= n,names "
    "x,delete-empty-rows m,match= r,regex= f,file=read i,invert-match a,any-match reverse ignore-case D,out-delimiter= T,out-tabs "
    "Q,out-quotechar= U,out-quoting= B,out-no-doublequote P,out-escapechar= M,out-lineterminator= A,out-asv outer left right "
    "g,groups= filenames freq-count= count csv json type nulls non-nulls unique min max sum mean median stdev len max-precision "
    "freq indent= lat= lon= crs= k,key= max-rows= max-columns= max-column-width= h,help"
)


def csvsql(call: Call) -> str:
    """csvsql: statements over files in memory; with --db over a database elsewhere."""
    parsed = parse(
        call.args,
        _CSVKIT + " query=text tables= i,dialect= db=code insert+opaque before-insert= after-insert= sql-delimiter= prefix= overwrite "
        "create-if-not-exists no-create no-constraints unique-constraint= db-schema= chunk-size= min-col-len= col-len-multiplier=",
    )
    call.unknown_options(parsed.unknown)
    for word in parsed.operands:
        call.sh.read(word)
    for option, value in parsed.options:
        if option.role == "code" or option.role.startswith("+"):
            call.sh.opaque("csvsql works on a database that its options name")
        elif option.name == "query" and value is not None:
            before = len(call.sh.effects)
            call.embedded("sql", value, "memory")
            call.sh.effects[before:] = [effect for effect in call.sh.effects[before:] if not effect.kind.startswith("sql.")]
    return HOLE


def dasel(call: Call) -> str:
    """dasel: reads the file that -f names, or its input; `put` and `delete` write it."""
    parsed = parse(
        call.args,
        "f,file=read r,read= w,write= p,parser= s,selector= o,out=write v,value= t,type= n,null m,multiple c,compact plain pretty? colour? "
        "length format= csv-comma= csv-write-comma= csv-write-crlf? escape-html? indent= h,help version",
    )
    call.unknown_options(parsed.unknown)
    for option, value in parsed.options:
        if option.role and value is not None:
            rows.act(call, option.role, value)
    if any(not known(word) or plain(word) in ("update", "man") for word in parsed.operands[:1]):
        call.sh.opaque("dasel is given a subcommand that guard does not follow")
    if {plain(word) for word in parsed.operands[:1]} & {"put", "delete"} and parsed.value("o") is None:
        call.sh.write(parsed.value("f") or HOLE, verb="edits")
    return HOLE


ROWS: dict[str, rows.Row] = {
    **dict.fromkeys(listed("csvcut csvgrep csvstat csvlook csvsort csvjoin csvstack csvformat csvjson"), ("read*", _CSVKIT)),
    "in2csv": ("read*", _CSVKIT + " sheet= write-sheets+opaque use-sheet-names f,format= s,schema=read"),
    "gron": ("read*", "u,ungron s,stream v,values c,colorize m,monochrome j,json k,insecure no-sort version help"),
    "diffstat": ("read*", "o=write e=write p= n= w= f= N= D= S= b C c d h k K l m q r s t T u U v V y E"),
    **dict.fromkeys(
        ("groff", "nroff", "troff"),
        (
            "read*",
            "T= m=name d= r= w= W= o= n= K= D= f= L= F=code M=code I=code P=code U+opaque X+exec l+exec e p s t R g G j a b c C E i k N S "
            "v,version V z Z h,help",
        ),
    ),
    **dict.fromkeys(
        ("dot", "neato", "fdp", "sfdp", "circo", "twopi"),
        ("read*", "o=write O+opaque l=code c+opaque T= K= G= N= E= A= s n y q x P V v version help"),
    ),
    "javap": ("text*", "-cp=read -classpath=read classpath=read J=code c l s v p -verbose -public -private -package -constants version"),
    "col": ("text*", "l= b f h p x"),
    "shellcheck": (
        "read*",
        "f,format= s,shell= e,exclude= i,include= S,severity= x,external-sources P,source-path=read o,enable= a,check-sourced C,color? "
        "norc rcfile=read W,wiki-link-count= V,version help list-optional",
    ),
}
RUNNERS = {
    "mlr": mlr,
    **dict.fromkeys(("xsv", "qsv"), xsv),
    "csvsql": csvsql,
    "dasel": dasel,
}
