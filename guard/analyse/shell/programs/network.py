"""Programs that reach other hosts: HTTP clients, ssh and its kin, name lookups, mail, sockets."""

from __future__ import annotations

import posixpath
import re

from guard.analyse.shell.call import Call
from guard.analyse.shell.marks import HOLE, STAR, TAINT, known, listed, plain, tainted
from guard.analyse.shell.options import parse
from guard.analyse.shell.programs.files import ssh_option
from guard.analyse.shell.programs.rows import Row, act
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
            call.sh.write((parsed.value("P") or ".") + "/" + ("\x03" if parsed.has("r", "m", "p") else base))
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


_SSH = (
    "o= i=read F=read J= p= l= L= R= D= W= b= c= m= e= w= B= E=write I=code O= Q= S= P= t T N n f q v V x X Y A a C g G k K M s y 1 2 4 6"
)


def ssh(call: Call) -> str:
    parsed = parse(call.args, _SSH, permute=False)
    call.unknown_options(parsed.unknown)
    for option, value in parsed.options:
        if option.name == "o" and value is not None:
            ssh_option(call, value)
        elif value is not None and option.role:
            act(call, option.role, value)
    if not parsed.operands:
        return HOLE
    host, *command = parsed.operands
    name = re.sub(r"^(?:ssh://)?(?:[^@]*@)?", "", host)
    port = plain(parsed.value("p") or "22")
    call.host(name.split("/", 1)[0], int(port) if port.isdigit() else 22)
    while command and command[0].startswith("-"):
        command = command[2:] if command[0] in ("-p", "-i", "-o", "-l", "-L") else command[1:]
    if command:
        _remote_shell(call, command)
    elif call.sh.input_text:
        call.shell(call.sh.input_text)
    elif not parsed.has("N", "G", "V", "O"):
        call.sh.opaque("ssh runs what it is given on another host")
    return HOLE


def _remote_shell(call: Call, command: list[str]) -> None:
    """Commands on another host: opaque (nothing of ours sees them), and what the tables know of them besides."""
    call.sh.opaque("ssh runs commands on another host")
    folders, call.sh.folders = call.sh.folders, ()
    call.shell(" ".join(command))
    call.sh.folders = folders


def sftp(call: Call) -> str:
    parsed = parse(call.args, "o= i=read F=read J= P= b=code B= c= D=cmd l= R= S=cmd s= X= r p q v C a A f N 4 6")
    for option, value in parsed.options:
        if value is not None and option.role:
            act(call, option.role, value)
    port = plain(parsed.value("P") or "")
    for word in parsed.operands[:1]:
        call.host(
            re.sub(r"^(?:sftp://)?(?:[^@]*@)?", "", plain(word)).split(":", 1)[0],
            int(port) if port.isdigit() else 22,
            taint=call.sh.stdin is not None,
        )
        call.sh.opaque(f"{call.name} moves files as its input says")
    return HOLE


def netcat(call: Call) -> str:
    """nc, ncat, telnet: connect or listen; -e and its kin hand a program to the other side."""
    parsed = parse(
        call.args,
        "e,exec= c,sh-exec= lua-exec=code p= s= w= i= q= x= X= P= T= V= I= O= M= m= o,output=write hex-dump=write l,listen k z "
        "u v n U d D N r t C 4 6 ssl ssl-cert=read ssl-key=read proxy= proxy-auth= proxy-type= allow= deny= max-conns= "
        "idle-timeout= wait= source= source-port= keep-open broker chat udp sctp verbose recv-only send-only no-shutdown nodns "
        "telnet crlf append-output version help",
    )
    for option, value in parsed.options:
        if option.name in ("e", "c") and value is not None:
            call.execute(plain(value).split(" ")[0], f"{call.name} hands a program to whoever is at the other end")
            call.shell(value)
        elif value is not None and option.role:
            act(call, option.role, value)
    words = parsed.operands
    if parsed.has("l"):
        call.remote(Kind.NET_CONNECT, f"{call.name} listens for connections", taint=call.sh.stdin is not None and tainted(call.sh.stdin))
        return HOLE
    _sends(call)
    port = plain(words[1]) if len(words) > 1 else "23"
    for word in words[:1]:
        call.host(word, int(port) if port.isdigit() else 23)
    return HOLE


def _sends(call: Call) -> None:
    """A known text that goes to the other end and says that something is destroyed there."""
    text = call.sh.input_text
    if text and destroys(text.split()[:20]):
        call.remote(Kind.HTTP_DELETE, f"{call.name} sends {text.strip()[:60]!r}")


def socat(call: Call) -> str:
    _sends(call)
    for arg in (word for word in call.args if not word.startswith("-") or word == "-"):
        _socat_address(call, arg)
    return HOLE


def _socat_address(call: Call, arg: str) -> None:
    name, _, rest = arg.partition(":")
    kind = name.upper()
    text = rest.split(",", 1)[0]
    if kind.startswith(("EXEC", "SYSTEM", "SHELL")):
        call.execute(plain(rest).split(" ")[0], "socat hands a program to the other end")
        call.shell(re.sub(r"\\(.)", r"\1", rest) if known(rest) else rest)
    elif re.match(r"(OPEN|FILE|GOPEN|CREATE|CREAT|PIPE)$", kind):
        call.sh.read(text)
        if "rdonly" not in rest and kind in ("CREATE", "CREAT"):
            call.sh.write(text)
    elif kind in ("STDIO", "STDIN", "STDOUT", "STDERR", "-", "FD"):
        return
    elif "LISTEN" in kind or "RECV" in kind:
        call.remote(Kind.NET_CONNECT, "socat listens for connections")
    elif kind.startswith("UNIX"):
        call.sh.write(text)
    elif not rest and "/" in name:
        call.sh.read(name)
        call.sh.write(name)
    else:
        host, _, port = text.partition(":")
        call.host(host, int(port) if port.isdigit() else 443, taint=True)


def lookup(call: Call) -> str:
    """dig, nslookup, host, ping, traceroute …: what is asked for is itself a message (names can carry data)."""
    words = [arg for arg in call.args if not arg.startswith(("-", "+"))]
    if call.name in ("getent",) and plain(words[0] if words else "") not in ("hosts", "ahosts", "ahostsv4", "ahostsv6"):
        return HOLE
    words = words[1:] if call.name == "getent" else words
    for word in words or [""]:
        server = word.removeprefix("@")
        call.host(server, 53 if call.name not in ("ping", "ping6", "traceroute", "mtr", "tracepath", "fping") else 7, taint=tainted(word))
    if call.name in ("dig", "kdig") and "-f" in call.args:
        call.sh.read(call.args[call.args.index("-f") + 1] if call.args[-1] != "-f" else "")
    return HOLE


def mail(call: Call) -> str:
    parsed = parse(call.args, "s= a=read A=read c= b= r= S=code q=read f= attach=read subject= u= H= F= t v i n")
    for option, value in parsed.options:
        if value is not None and option.role:
            act(call, option.role, value)
    call.remote(Kind.NET_CONNECT, f"{call.name} sends mail", taint=call.sh.stdin is not None and tainted(call.sh.stdin))
    return HOLE


def ftp(call: Call) -> str:
    """Clients that are driven by their input: the host is known, what they move is not."""
    words = [arg for arg in call.args if not arg.startswith("-")]
    for word in words[:1]:
        call.url(word, Kind.NET_CONNECT, scheme="ftp") if "://" in plain(word) else call.host(word, 21)
    if not words:
        call.remote(Kind.NET_CONNECT)
    call.sh.opaque(f"{call.name} moves files as its input or script says")
    return HOLE


def openssl(call: Call) -> str:
    args = call.args
    parsed = parse(
        args,
        "-in=read -out=write -key=read -inkey=read -CAfile=read -cert=read -connect= -pass= -passin= -passout= -keyout=write "
        "-config=code -engine=code -provider=code -provider-path=code -signkey=read -subj= -days= -newkey= -K= -iv= -k= -S= "
        "-kfile=read -rand=read -host= -port= -servername= -certfile=read -CA=read -CAkey=read -sign=read -verify= "
        "-signature=read -writerand=write -url=get",
    )
    for option, value in parsed.options:
        if value is not None and option.role:
            act(call, option.role, value)
    for option, value in parsed.options:
        if option.name == "-connect" and value is not None:
            host, _, port = plain(value).rpartition(":")
            call.host(host, int(port) if port.isdigit() else 443)
        elif option.name.startswith("-pass") and re.match(r"file:", plain(value or "")):
            call.sh.read(plain(value or "")[5:])
    verb = plain(args[0]) if args else ""
    if verb in ("s_client", "s_time") and parsed.operands[1:]:
        host, _, port = plain(parsed.operands[-1]).rpartition(":")
        call.host(host, int(port) if port.isdigit() else 443)
    if verb in ("ca", "rehash", "srp", "tsget"):
        call.sh.write(STAR, verb=f"openssl {verb} writes")
    if (
        verb == "req"
        and not parsed.has("-keyout")
        and any(plain(arg) in ("-new", "-newkey", "-x509") for arg in args)
        and not parsed.has("-key")
    ):
        call.sh.write("privkey.pem")
    if verb in ("engine", "provider") or any(plain(arg) in ("-pre", "-post") for arg in args):
        call.sh.opaque("openssl loads a library")
    if verb in ("s_server", "ocsp"):
        call.remote(Kind.NET_CONNECT)
    if verb in ("dgst", "sha256", "md5", "sha1", "sha512", "prime", "rand"):
        for word in parsed.operands[1:]:
            call.sh.read(word)
    elif not re.fullmatch(r"[a-z0-9_-]+", verb):
        call.sh.opaque("openssl is told what guard does not know")
    return HOLE


def gpg(call: Call) -> str:
    parsed = parse(
        call.args,
        "o,output=write r= u= homedir= passphrase= passphrase-fd= passphrase-file=read batch yes d,decrypt e,encrypt c s "
        "a,armor b k K import+keys fast-import+keys gen-key+keys full-gen-key+keys generate-key+keys full-generate-key+keys "
        "quick-gen-key+keys quick-generate-key+keys edit-key+keys sign-key+keys lsign-key+keys import-ownertrust+keys "
        "quick-add-uid+keys quick-set-expire+keys "
        "gen-revoke+keys export? verify=read keyserver=get recv-keys=+net send-keys=+net search-keys=+net "
        "refresh-keys+net fetch-keys=get delete-keys+delete delete-secret-keys+delete delete-secret-and-public-keys+delete "
        "list-keys? list-secret-keys? export-secret-keys? list-packets show-keys fingerprint? print-md= options=code "
        "pinentry-mode= trust-model= default-key= "
        "local-user= recipient= no-default-keyring keyring=read",
    )
    for option, value in parsed.options:
        if option.role == "+net":
            call.remote(Kind.HTTP_POST)
        elif option.role == "+delete":
            call.sh.delete("\x05/.gnupg", "deletes keys in", tree=True)
        elif option.role == "+keys":
            call.sh.write("\x05/.gnupg/" + STAR, verb="changes keys in")
        elif value is not None and option.role:
            act(call, option.role, value)
    if parsed.has("export-secret-keys", "K", "list-secret-keys"):
        call.sh.read("\x05/.gnupg/secring.gpg")
    asked = any(option.role.startswith("+") for option, _ in parsed.options) or parsed.has(
        *listed("d k K verify export list-keys list-secret-keys list-packets show-keys fingerprint print-md export-secret-keys")
    )
    for word in parsed.operands:
        call.sh.read(word)
        if parsed.value("o") is None and not asked:  # without a command it decrypts to the name without its ending
            call.sh.write(word + ".gpg" if parsed.has("e", "c", "s") else f"{posixpath.dirname(word) or '.'}/{STAR}")
    return HOLE


def aria(call: Call) -> str:
    """Downloaders that are not looked into further: they fetch URLs into the folder."""
    urls = [arg for arg in call.args if re.match(r"(?:\w+://|magnet:|www\.)", plain(arg))]
    for url in urls:
        call.url(url, Kind.HTTP_GET)
    if not urls:
        call.remote(Kind.HTTP_GET)
    call.sh.write(STAR)
    return HOLE


def nmap(call: Call) -> str:
    parsed = parse(call.args, "p= o= -oN=write -oX=write -oG=write -oA=write -iL=read -script=code -script-args= e= D= S= g=")
    for option, value in parsed.options:
        if value is not None and option.role:
            act(call, option.role, value)
    for word in parsed.operands or [""]:
        call.host(word, 1)
    return HOLE


ROWS: dict[str, Row] = {}
RUNNERS = {
    "curl": curl,
    "wget": wget,
    "wget2": wget,
    "ssh": ssh,
    "autossh": ssh,
    "mosh": ssh,
    "sshpass": lambda call: call.run(_after_sshpass(call.args)),
    "sftp": sftp,
    "nc": netcat,
    "ncat": netcat,
    "netcat": netcat,
    "nc.openbsd": netcat,
    "telnet": netcat,
    "socat": socat,
    "openssl": openssl,
    "gpg": gpg,
    "gpg2": gpg,
    "nmap": nmap,
    "masscan": nmap,
    **dict.fromkeys(("http", "https", "xh", "xhs", "curlie"), httpie),
    **dict.fromkeys(
        listed("dig nslookup host ping ping6 traceroute tracepath mtr whois drill kdig fping arping getent delv resolvectl dog doggo"),
        lookup,
    ),
    **dict.fromkeys(listed("mail mailx sendmail mutt msmtp swaks ssmtp s-nail"), mail),
    **dict.fromkeys(("ftp", "lftp", "tftp", "ncftp", "smbclient", "cadaver"), ftp),
    **dict.fromkeys(listed("aria2c axel youtube-dl yt-dlp lynx links w3m elinks httrack"), aria),
}


def _after_sshpass(args: list[str]) -> list[str]:
    while args and args[0].startswith("-"):
        args = args[2:] if args[0] in ("-p", "-f", "-d", "-P") else args[1:]
    return args
