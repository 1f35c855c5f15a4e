"""HTTP clients: curl, wget, httpie."""

from __future__ import annotations

import re

from guard.analyse.shell.call import Call
from guard.analyse.shell.marks import HOLE, STAR, TAINT, known, plain, tainted
from guard.analyse.shell.options import parse
from guard.analyse.shell.programs.rows import act
from guard.analyse.shell.programs.verbs import destroys
from guard.analyse.targets import METHODS
from guard.model import Kind

_CURL = (
    "X,request= d,data,data-ascii,data-binary,data-raw,data-urlencode,json= F,form,form-string= T,upload-file= o,output=write "
    "O,remote-name remote-name-all output-dir= url= H,header= A,user-agent= b,cookie= c,cookie-jar=write D,dump-header=write "
    "e,referer= u,user= U= K,config=code E,cert=read key=read cacert=read capath= proxy= x= preproxy= socks5= socks5-hostname= "
    "socks4= m,max-time= w,write-out= r,range= C,continue-at= y= Y= z= t= Q,quote=code connect-timeout= retry= retry-delay= "
    "retry-max-time= limit-rate= resolve= connect-to= interface= local-port= max-redirs= max-filesize= noproxy= ciphers= "
    "tls-max= trace=write trace-ascii=write stderr=write netrc-file=read n netrc unix-socket= abstract-unix-socket= "
    "dns-servers= doh-url=get hsts=write alt-svc=write etag-save=write etag-compare=read libcurl=write engine=code proto= "
    "proto-redir= proto-default= oauth2-bearer= aws-sigv4= request-target= variable= expand-url= mail-from= mail-rcpt= rate= "
    "parallel-max= cert-type= key-type= pass= delegation= pubkey=read postquote=code url-query= create-file-mode= ftp-port= P= "
    "h? expect100-timeout= G,get I,head s S f L k i v g j J l a q N p M V Z R B 0 1 2 3 4 6 # silent show-error fail location "
    "insecure include verbose compressed globoff fail-with-body fail-early http1.1 http2 http3 http1.0 http2-prior-knowledge "
    "tlsv1.2 tlsv1.3 tlsv1 ssl ssl-reqd digest basic ntlm negotiate anyauth no-progress-meter progress-bar create-dirs "
    "remote-header-name remote-time parallel path-as-is raw no-buffer no-keepalive tcp-nodelay tcp-fastopen ipv4 ipv6 list-only "
    "location-trusted retry-all-errors retry-connrefused no-clobber junk-session-cookies crlf ftp-pasv styled-output disable "
    "no-sessionid no-alpn next false-start post301 post302 post303 ssl-no-revoke cert-status help? version manual "
    "proxy-insecure proxy-user= proxy-header= keepalive-time= remove-on-error skip-existing xattr disallow-username-in-url "
    "append"
)


def curl(call: Call) -> str:
    parsed = parse(call.args, _CURL)
    call.unknown_options(parsed.unknown)
    urls = [*parsed.operands, *(value for option, value in parsed.options if option.name == "url" and value is not None)]
    sends, reads = False, False
    for option, value in parsed.options:
        if value is None:
            continue
        if option.role:
            act(call, option.role, value)
        if option.name in ("d", "F", "T"):
            sends = True
            reads = _sent(call, option.name, value) or reads
        elif option.name in ("H", "b", "u", "w") and re.match(r"@.", value):
            call.sh.read(value[1:])
        elif option.name == "w" and "%output{" in plain(value):
            call.sh.write(plain(value).split("%output{", 1)[1].split("}", 1)[0])
        elif option.name in ("x", "proxy", "socks5", "preproxy", "socks5-hostname", "socks4"):
            call.url(value, Kind.NET_CONNECT)
        elif option.name in ("connect-to", "resolve"):
            call.remote(Kind.NET_CONNECT, f"curl is told where hosts are: {plain(value)[:60]}")
    for value in (value for option, value in parsed.options if option.name in ("d", "F", "T", "H", "u", "b") and value is not None):
        reads = reads or tainted(value)
    method = parsed.value("X")
    sent = " ".join(plain(value) for option, value in parsed.options if option.name == "d" and value is not None)
    if "mutation" in sent and destroys([sent]):
        for url in urls:
            call.url(url, Kind.HTTP_DELETE, taint=reads)
    kind = _method(method, sends=sends and not parsed.has("G"), put=parsed.has("T"), head=parsed.has("I"))
    for url in urls:
        _curl_url(call, url, kind, taint=reads)
    if not urls and parsed.has("K"):
        call.remote(kind, "curl asks what its configuration names")
    if parsed.has("O") or parsed.has("J"):
        for url in urls:
            call.sh.write((plain(url).split("?", 1)[0].rstrip("/").rsplit("/", 1)[-1] if known(url) else "") or STAR)
    return TAINT if reads else HOLE


def _curl_url(call: Call, url: str, kind: Kind, *, taint: bool) -> None:
    text = plain(url)
    if text.startswith("file://"):
        call.sh.read(re.sub(r"^file://[^/]*", "", url))
        return
    if re.match(r"(?:dict|gopher|telnet|ldap|smtp|imap|pop3|mqtt|tftp|ftp|sftp|scp|smb)s?://", text):
        call.url(url, Kind.NET_CONNECT, taint=taint)
        return
    call.url(url, kind, taint=taint)
    if kind in (Kind.HTTP_POST, Kind.HTTP_PUT, Kind.HTTP_PATCH) and destroys(re.split(r"[/?&=]", text.split("://", 1)[-1])[1:]):
        call.url(url, Kind.HTTP_DELETE, taint=taint)


def _sent(call: Call, name: str, value: str) -> bool:
    """Whether a sent value comes from a file (`@file`, `name=@file`, `-T file`); the files are read."""
    if name == "T":
        call.sh.read(value)
        return value not in ("-", ".") or (call.sh.stdin is not None and tainted(call.sh.stdin))
    files = re.findall(r"(?:^|=\s*\(?)[@<](.+)", value, re.DOTALL)
    for text in files:
        paths = [text] if name == "d" else text.split(";", 1)[0].split(",")
        for path in paths:
            call.sh.read(path.strip('"'))
    return bool(files)


def _method(method: str | None, *, sends: bool, put: bool, head: bool) -> Kind:
    if method is not None:
        return METHODS.get(plain(method).upper(), Kind.HTTP_DELETE) if known(method) else Kind.HTTP_DELETE
    return Kind.HTTP_PUT if put else Kind.HTTP_POST if sends else Kind.HTTP_HEAD if head else Kind.HTTP_GET


_WGET = (
    "O,output-document=write o,output-file=write a,append-output=write i,input-file=read e,execute=code P,directory-prefix= "
    "U,user-agent= t,tries= T,timeout= w,wait= l,level= A,accept= R,reject= D,domains= I= X= Q,quota= B,base= post-data= "
    "post-file= body-data= body-file= method= header= load-cookies=read save-cookies=write user= password= config=code "
    "use-askpass=cmd rejected-log=write warc-file=write ca-certificate=read certificate=read private-key=read limit-rate= "
    "max-redirect= restrict-file-names= start-pos= dns-timeout= connect-timeout= read-timeout= waitretry= referer= "
    "secure-protocol= compression= cut-dirs= default-page= exclude-domains= accept-regex= reject-regex= progress= "
    "hsts-file=write retry-on-http-error= bind-address= report-speed= prefer-family= local-encoding= remote-encoding= ftp-user= "
    "ftp-password= S q v b c d N r p k K E H L x nc nv nd nH np nh F m 4 6 spider quiet verbose no-verbose continue "
    "timestamping recursive page-requisites convert-links backup-converted adjust-extension span-hosts relative mirror "
    "no-clobber no-parent no-directories no-host-directories force-directories no-check-certificate no-cookies "
    "content-disposition trust-server-names show-progress server-response background inet4-only inet6-only no-proxy no-cache "
    "no-hsts delete-after random-wait ignore-length content-on-error keep-session-cookies auth-no-challenge https-only version "
    "help no-netrc no-glob no-passive-ftp unlink follow-ftp strict-comments no-config xattr -nc -nv -nd -nH -np"
)


_MANY = ("r", "recursive", "m", "mirror", "p", "page-requisites")
"""Options with which wget fetches more than it is given."""


def wget(call: Call) -> str:
    parsed = parse(call.args, _WGET)
    call.unknown_options(parsed.unknown)
    sends, reads = False, False
    for option, value in parsed.options:
        if value is None:
            continue
        if option.role:
            act(call, option.role, value)
        if option.name in ("post-file", "body-file"):
            call.sh.read(value)
            reads = True
        sends = sends or option.name in ("post-data", "post-file", "body-data", "body-file")
        reads = reads or tainted(value)
    kind = _method(parsed.value("method"), sends=sends, put=False, head=parsed.has("spider"))
    if parsed.has("i", "input-file"):
        call.remote(kind, f"{call.line}: asks the addresses that a file holds")
        call.sh.write((parsed.value("P") or ".") + "/" + STAR)
    for url in parsed.operands:
        call.url(url, kind, taint=reads)
        if not parsed.has("O", "spider"):
            name = plain(url).split("?", 1)[0].split("://", 1)[-1].rstrip("/")
            base = name.rsplit("/", 1)[1] if "/" in name and known(url) else "index.html" if known(url) else STAR
            call.sh.write((parsed.value("P") or ".") + "/" + ("\x03" if parsed.has(*_MANY) else base))
    return HOLE


def httpie(call: Call) -> str:
    """http, https, xh: `METHOD URL item…`; items that send make it a POST."""
    parsed = parse(
        call.args,
        "o,output=write a,auth= A= s= style= session= session-read-only= proxy= verify= cert=read cert-key=read timeout= p= "
        "raw= f j b h v d,download c F I multipart form json body headers verbose follow check-status ignore-stdin pretty= all "
        "meta",
    )
    words = list(parsed.operands)
    for option, value in parsed.options:
        if value is not None and option.role:
            act(call, option.role, value)
    method = words.pop(0) if words and re.fullmatch(r"[A-Z]+", plain(words[0])) else None
    items = words[1:]
    sends, reads = parsed.has("raw"), False
    for item in items:
        if match := re.match(r"[^=@]*(?::?=@|@)(.+)", item):
            call.sh.read(match[1])
            reads = True
        sends = sends or bool(re.match(r"[^=@:]+(=|:=|@)(?!=)", plain(item)))
    kind = _method(method, sends=sends or (call.sh.stdin is not None and method is None), put=False, head=False)
    for url in words[:1]:
        call.url("localhost" + url if url.startswith(":") else url, kind, taint=reads, scheme="https" if call.name == "https" else "http")
        if parsed.has("d") and parsed.value("o") is None:
            call.sh.write(STAR)
    return HOLE


RUNNERS = {
    "curl": curl,
    "wget": wget,
    "wget2": wget,
    **dict.fromkeys(("http", "https", "xh", "xhs", "curlie"), httpie),
}
