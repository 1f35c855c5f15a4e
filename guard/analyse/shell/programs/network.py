"""Programs that reach other hosts: ssh and its kin, name lookups, mail, sockets, keys."""

from __future__ import annotations

import posixpath
import re
from itertools import pairwise

from guard.analyse.shell.call import Call
from guard.analyse.shell.marks import HOLE, STAR, known, listed, plain, tainted
from guard.analyse.shell.options import parse, spec
from guard.analyse.shell.programs.files import ssh_option
from guard.analyse.shell.programs.rows import Row, act
from guard.analyse.shell.programs.verbs import destroys
from guard.model import Kind

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
        if "rdonly" not in rest:
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
    counts = [arg for option, arg in pairwise(call.args) if re.fullmatch(r"-[A-Za-z]+", option) and re.fullmatch(r"\d{1,5}(?:\.\d+)?", arg)]
    words = [word for word in words if word not in counts] or words
    if call.name == "getent" and plain(words[0] if words else "") not in ("hosts", "ahosts", "ahostsv4", "ahostsv6"):
        call.sh.read(f"/etc/{words[0]}" if words else "")
        return HOLE
    words = words[1:] if call.name == "getent" else words
    for word in words or [""]:
        server = word.removeprefix("@")
        call.host(server, 53 if call.name not in ("ping", "ping6", "traceroute", "mtr", "tracepath", "fping") else 7, taint=tainted(word))
    if call.name in ("dig", "kdig") and "-f" in call.args:
        call.sh.read(call.args[call.args.index("-f") + 1] if call.args[-1] != "-f" else "")
    return HOLE


def keys(call: Call) -> str:
    """ssh-copy-id, ssh-keyscan: they ask a host for its keys, or give it ours."""
    call.execute()
    for word in parse(call.args, "i=read p= o= f n s t= T= H 4 6 v D").operands:
        call.host(re.sub(r"^[^@]*@", "", plain(word)), 22)
    return HOLE


def nsupdate(call: Call) -> str:
    """nsupdate: changes of a domain, on the input or in a file."""
    parsed = parse(call.args, "k=read y= t= u= r= R= L= g o v d D l p= i V M P T 4 6 C=")
    for word in parsed.operands:
        call.sh.read(word)
    call.remote(Kind.NET_CONNECT, f"{call.line}: changes a domain")
    _sends(call)
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


_OPENSSL = (
    "-in=read -out=write -key=read -inkey=read -CAfile=read -cert=read -connect= -pass= -passin= -passout= -keyout=write "
    "-config=code -engine=code -provider=code -provider-path=code -signkey=read -subj= -days= -newkey= -K= -iv= -k= -S= "
    "-kfile=read -rand=read -host= -port= -servername= -certfile=read -CA=read -CAkey=read -sign=read -verify= "
    "-signature=read -writerand=write -url=get -crl_download -genconf=code -CApath=read -CAserial=write -trusted=read "
    "-untrusted=read -extfile=code -crl=read -content=read -certs=read -server=get -proxy=get -query=read -data=read -sigfile=read "
    "-peerkey=read -recip=read -signer=read -paramfile=read -sess_in=read -sess_out=write -keyform= -inform= -outform= -algorithm= "
    "-pkeyopt= -salt= -md= -iter= -nameopt= -certopt= -checkend= -set_serial= -addext= -ext= -extensions= -reqexts= -offset= -length= "
    "-strparse= -purpose= -name= -caname= -alpn= -cipher= -ciphersuites= -curves= -groups= -sigalgs= -param_enc= -conv_form= -bits= "
    "-checks= -seconds= -bytes= -macalg= -mac= -macopt= -keypbe= -certpbe= -to= -from= -subject= -verify_depth= -verify_hostname= "
    "-verify_email= -verify_ip= -attime= -policy= -starttls= -digest= -kdfopt= -sigopt= -xofflen= -prf= -evp= -aead= -multi= -primes="
)
_OPENSSL_FLAGS = re.compile(
    r"-(?:noout|text|subject|issuer|dates|startdate|enddate|fingerprint|serial|pubkey|modulus|(?:subject_|issuer_)?hash(?:_old)?|ocsp_uri"
    r"|ocspid|email|alias|trustout|hex|base64|a|A|d|e|p|P|z|r|c|n|v|q|salt|nosalt|pbkdf2|nopad|debug|none|binary|pubin|pubout|nodes|noenc|new"
    r"|x509|req|newhdr|batch|utf8|crl_check(?:_all)?|partial_chain|brief|quiet|showcerts|status|tls1(?:_[123])?|no_\w+|ign_eof|dump|i|dlimit"
    r"|check|table|stdin|1|5|6|apr1|crypt|aixmd5|noverify|reverse|nokeys|nocerts|clcerts|cacerts|export|info|legacy|nomac|print_certs|list_curves"
    r"|genkey|s|stdname|V|b|o|f|help|commands|digest-(?:commands|algorithms)|cipher-(?:commands|algorithms)|(?:public-key|kdf|mac|random)-\w+"
    r"|providers|engines|disabled|elapsed|generate|safe|[235]|F4|C|cmp-text|decrypt|encrypt|verifyrecover|asn1parse|oaep|pkcs|raw|traditional"
    r"|noattr|token_in|reply|bytes|configdir|modulesdir|dirsep|hmac|list|mr|mlock|x509_strict|CAcreateserial|show_chain|allow_proxy_certs|check_ss_sig|topk8|nocrypt"
    r"|(?:aes|des|camellia|aria|seed|rc[245]|bf|cast5?|idea|sm4|chacha20|id)[\w-]*|des3|md[45]|mdc2|ripemd160|rmd160|whirlpool|sm3|ssl3?-\w+"
    r"|sha(?:1|224|256|384|512|3-\d+|512-\d+|ke\d+)|blake2[bs]\d+)"
)
"""Options that say how something looks, or by which algorithm it is done."""


def _openssl_options(call: Call, args: list[str]) -> None:
    """What single options of openssl name, and options that the tables do not know."""
    names = spec(_OPENSSL).options
    for here, behind in pairwise(args[1:]):  # some are flags to some subcommands (`-sign`): what stands behind those is an option itself
        if (option := names.get(plain(here))) is not None and option.role and option.takes and not behind.startswith("-"):
            act(call, option.role, behind)
    for arg in args[1:]:
        text = plain(arg)
        if arg.startswith("-") and not (
            _OPENSSL_FLAGS.fullmatch(text) or text in names or re.sub(r"^--?([^=]*).*", r"-\1", text, flags=re.S) in names
        ):
            call.sh.opaque(f"openssl has an option that guard does not know: {text[:60]}")


def openssl(call: Call) -> str:
    args = [arg[1:] if re.match(r"--\w", arg) else arg for arg in call.args]
    parsed = parse(args, _OPENSSL)
    _openssl_options(call, args)
    if "-CAcreateserial" in map(plain, args):
        call.sh.write(STAR)
    for option, value in parsed.options:
        if value is not None and option.role and value[:1] != "-":
            act(call, option.role, value)
        if option.name == "-connect" and value is not None:
            host, _, port = plain(value).rpartition(":")
            call.host(host, int(port) if port.isdigit() else 443)
        elif option.name.startswith("-pass") and re.match(r"file:", plain(value or "")):
            call.sh.read(plain(value or "")[5:])
    verb = plain(args[0]) if args else ""
    if verb in ("s_client", "s_time") and parsed.operands[1:]:
        host, _, port = plain(parsed.operands[-1]).rpartition(":")
        call.host(host, int(port) if port.isdigit() else 443)
    if verb in ("ca", "rehash", "srp", "tsget", "fipsinstall"):
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
    if verb in ("s_server", "ocsp", "cmp", "tsget") or parsed.has("-crl_download"):
        call.remote(Kind.NET_CONNECT)
    if verb in ("dgst", "sha256", "md5", "sha1", "sha512", "prime", "rand"):
        for word in parsed.operands[1:]:
            call.sh.read(word)
    elif verb == "storeutl":
        for word in parsed.operands[1:]:
            act(call, "read", word)
    elif not re.fullmatch(r"[a-z0-9_-]+", verb):
        call.sh.opaque("openssl is told what guard does not know")
    return HOLE


_SECRET_KEYS = ("export-secret-keys", "export-secret-subkeys")


_GPG = (
    "o,output=write logger-file,log-file=write status-file=write attribute-file=write homedir=code options=code agent-program=code "
    "dirmngr-program=code keyboxd-program=code pinentry-program=code exec-path=code photo-viewer=code load-extension=code server+opaque "
    "passphrase-file=read keyring=read secret-keyring=read trustdb-name=write primary-keyring=write "
    "keyserver=get recv-keys,receive-keys=+net send-keys=+net search-keys=+net refresh-keys?+net fetch-keys=get locate-keys?+net "
    "locate-external-keys?+net auto-key-retrieve+net auto-key-locate=+net "
    "import+keys fast-import+keys gen-key,generate-key+keys full-gen-key,full-generate-key+keys quick-gen-key,quick-generate-key+keys "
    "quick-add-key+keys quick-add-uid+keys quick-add-adsk+keys quick-set-expire+keys quick-set-primary-uid+keys "
    "quick-revoke-uid,quick-revuid+keys "
    "quick-revoke-sig+keys quick-sign-key+keys quick-lsign-key+keys quick-update-pref+keys edit-key+keys sign-key+keys lsign-key+keys "
    "import-ownertrust+keys gen-revoke,generate-revocation,desig-revoke+keys edit-card,card-edit+keys change-pin+keys "
    "passwd,change-passphrase+keys update-trustdb+keys rebuild-keydb-caches+keys tofu-policy=+keys migrate-secring,unwrap+keys "
    "delete-keys+delete delete-secret-keys+delete delete-secret-and-public-keys+delete "
    "d,decrypt decrypt-files,multifile e,encrypt c,symmetric s,sign clearsign,clear-sign b,detach-sign,detach-sig store verify "
    "enarmor,enarmour dearmor,dearmour gen-random= gen-prime= export? export-ssh-key= export-ownertrust export-secret-keys? "
    "export-secret-subkeys? export-secret-ssh-key= k,list-keys,list-public-keys? K,list-secret-keys? list-sigs,list-signatures? "
    "check-sigs,check-signatures? fingerprint? list-packets show-keys,show-key print-md= print-mds card-status check-trustdb "
    "version h,help "
    "dump-options warranty list-config? list-gcrypt-config list-trustdb "
    "batch yes no q,quiet v,verbose no-verbose n,dry-run no-tty a,armor,armour no-armor with-colons with-fingerprint "
    "with-subkey-fingerprint with-keygrip with-secret with-key-data with-wkd-hash with-key-origin with-sig-check with-sig-list "
    "fixed-list-mode list-options= verify-options= import-options= export-options= keyserver-options= keyid-format= "
    "charset,display-charset= "
    "utf8-strings no-auto-check-trustdb no-permission-warning no-secmem-warning no-mdc-warning no-greeting no-options no-autostart "
    "status-fd= logger-fd= command-fd= attribute-fd= passphrase-fd= passphrase= passphrase-repeat= pinentry-mode= trust-model= "
    "always-trust "
    "trusted-key= default-key= default-recipient= default-recipient-self u,local-user= r,recipient= R,hidden-recipient= "
    "f,recipient-file=read hidden-recipient-file=read encrypt-to= no-encrypt-to sender= throw-keyids no-throw-keyids no-default-keyring "
    "compress-algo= cipher-algo= digest-algo= cert-digest-algo= personal-cipher-preferences= personal-digest-preferences= "
    "z,compress-level= s2k-cipher-algo= s2k-digest-algo= s2k-mode= s2k-count= t,textmode i,interactive expert no-symkey-cache comment= "
    "no-comments no-emit-version emit-version set-filename= no-random-seed-file use-agent no-use-agent lock-never lock-once "
    "allow-weak-digest-algos weak-digest= ignore-time-conflict ignore-valid-from ignore-crc-error ignore-mdc-error show-session-key "
    "skip-verify max-output= input-size-hint= for-your-eyes-only force-mdc disable-mdc openpgp rfc4880 gnupg no-auto-key-locate "
    "no-auto-key-retrieve no-auto-key-import debug-level= debug= enable-progress-filter ask-cert-level no-ask-cert-level "
    "default-cert-level="
)


def gpg(call: Call) -> str:
    parsed = parse(call.args, _GPG)
    call.unknown_options([option for option in parsed.unknown if option != "-"])
    if "photo" in plain(parsed.value("list-options") or "") + plain(parsed.value("verify-options") or ""):
        call.execute("", "gpg shows pictures with another program")
    if "retrieve" in plain(parsed.value("keyserver-options") or ""):
        call.remote(Kind.HTTP_GET)
    for option, value in parsed.options:
        if option.role == "+net":
            call.remote(Kind.HTTP_POST)
        elif option.role == "+opaque":
            call.sh.opaque("gpg takes commands from its input")
        elif option.role == "+delete":
            call.sh.delete("\x05/.gnupg", "deletes keys in", tree=True)
        elif option.role == "+keys":
            call.sh.write("\x05/.gnupg/" + STAR, verb="changes keys in")
        elif value is not None and option.role:
            act(call, option.role, value)
    if parsed.has(*_SECRET_KEYS, "K", "d", "export-secret-ssh-key"):
        call.sh.read("\x05/.gnupg/secring.gpg")
    asked = any(option.role.startswith("+") for option, _ in parsed.options) or parsed.has(
        *listed("d k K verify export list-sigs check-sigs list-packets show-keys fingerprint print-md export-ssh-key list-config"),
        *_SECRET_KEYS,
    )
    for word in parsed.operands:
        call.sh.read(word)
        if parsed.value("o") is None and not asked:  # without a command it decrypts to the name without its ending
            call.sh.write(word + ".gpg" if parsed.has("e", "c", "s") else f"{posixpath.dirname(word) or '.'}/{STAR}")
    return HOLE


def aria(call: Call) -> str:
    """Downloaders that are not looked into further: they fetch URLs into the folder; some options start programs."""
    for place, arg in enumerate(call.args):
        if match := re.match(r"--(?:on-[\w-]+|exec\S*)(?:=(.*))?$", plain(arg), re.DOTALL):
            call.execute(call.name, f"{call.line}: starts a program when it is done")
            call.shell(match[1] or "".join(call.args[place + 1 : place + 2]))
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
    **dict.fromkeys(("ssh-copy-id", "ssh-keyscan"), keys),
    "nsupdate": nsupdate,
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
