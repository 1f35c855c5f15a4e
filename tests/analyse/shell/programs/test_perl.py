"""perl: which one-liners are understood, and that what could run, write or name anything else is not."""

from __future__ import annotations

import pytest

from guard.analyse.shell.programs import perl
from tests.analyse.shell.check import effects

UNDERSTOOD = r"""
perl -ne 'print if /foo/' f
perl -lane 'print $F[0]' f
perl -pe 's/a/b/g' f
perl -F, -lane 'print $F[1] if $F[2] > 10' data.csv
perl -ne '$c++ if /x/; END { print "$c\n" }' f
perl -nle 'print length' f
perl -lne 'print $1 if /name="([^"]+)"/' f
perl -e 'print 2**10, "\n"'
perl -0777 -ne 'print scalar(() = /foo/g)' f
perl -lane '$h{$F[0]}++; END { print "$_ $h{$_}" for sort { $h{$b} <=> $h{$a} } keys %h }' f
perl -ne 'print "$.: $_" if length > 80' f
perl -ne 'next unless /^\d+/; my ($a, $b) = split /\t/; $sum += $b; END { printf "%.2f\n", $sum }' f
perl -MList::Util=sum -lane 'print sum @F' f
perl -lne 'print join ",", map { $_ * 2 } split' f
perl -ne 'print unless $seen{$_}++' f
perl -pe 's{foo}{bar}; s/(\w+)/<$1>/g' src/*.txt
perl -lane 'print $F[-1], " ", (split /:/, $F[0])[1]' f
perl -ne 'print if 2..5' f
perl -ne 'print if /BEGIN/ .. /END/' f
perl -wnl -e 'if (/a/) { print "x" } else { print "y" }' f
"""
NOT_UNDERSTOOD = r"""
perl -ne 'print' *.txt
perl -ne 'print' 'rm x|'
perl -ne 'print' '>x'
perl -ne 'system("id")' f
perl -ne '`id`' f
perl -ne 'print "@{[`id`]}"' f
perl -ne 'print "$x[system 1]"' f
perl -ne 'print "$xy[system 1]"' f
perl -ne '/(?{system 1})/' f
perl -ne '/$xy[system 1]/' f
perl -pe 's/a/system 1/e' f
perl -pe 's/a/system 1/ge' f
perl -ne 'BEGIN{@ARGV=("id|")} print' f
perl -ne 'BEGIN{$ARGV[0]="id|"} print' f
perl -ne 'BEGIN{$x="ARGV"; $x->[0]="id|"} print' f
perl -ne 'BEGIN{$x[0]="ARGV"; $x[0][0]="id|"} print' f
perl -ne 'BEGIN{$x="ARGV"; push @$x, "id|"}' f
perl -ne 'BEGIN{$x="ARGV"; push $x, "id|"}' f
perl -e 'print $ENV{HOME}'
perl -e 'print %ENV'
perl -e 'print $main::ENV{A}'
perl -ne 'print if $h {a} / 2; system(1); # /' f
perl -ne '$x={} / system("x"); # /' f
perl -ne 'map { "a", 1 } / system(1) /, 2' f
perl -ne '{1} %system "rm"' f
perl -ne 'print length / system(1) /' f
perl -ne 'print shift // system(1) //' f
perl -e 'print time / 2; system(1); # /'
perl -e 'open F, ">x"'
perl -e 'print <*.c>'
perl -e 'print <$x>'
perl -ne 'print < f>' f
perl -e 'unlink "x"'
perl -e '$x="system"; &$x("id")'
perl -e '$x->("id")'
perl -e 'CORE::system("id")'
perl -e 'require "x"'
perl -e 'do "x"'
perl -e 'eval "system 1"'
perl -i -pe 's/a/b/' f
perl -Mlib=. -ne 'print' f
perl -MPOSIX -e 'print 1'
perl -e 'print 1' -e '/ 2; system(1); #/'
perl -F'/;system("x");/' -lane 'print' f
perl -F, -e 'print' '|id'
perl -s -ne 'print' f
perl x.pl
perl -e "$CODE"
perl -ne "print if /$p/" f
perl -ne 'print' $f
perl -ne 'print {*STDOUT} 1' f
perl -e 'print STDERR %h; printf STDOUT "x"; sort system 1'
perl -e 'sort $x 1,2'
perl -e '-e $x; -s q(id)'
perl -e 'y =system 1= ='
perl -e 'print qx/id/'
perl -e 'print "a" =~ m?a?; print `id`'
perl -e '$SIG{ALRM}=1'
perl -e 'local $^I=1'
perl -e '*x=*ARGV'
perl -e 'print "${\ system(1)}"'
perl -e 'print "$h{system(1)}"'
perl -e 'print "$h{a}[system(1)]"'
perl -e 's/x/@{[system 1]}/'
perl -e 's/x/$y[system 1]/'
perl -e 's(x)(system 1)e'
perl -ne 'print; }{ system 1' f
perl -e '$_ = 1; tr/a/b/; system'
perl -e 'x("a")'
perl -MList::Util=first -e 'first { system } 1'
perl -MList::Util=sum -e 'max / 2; system(1); # /'
"""


@pytest.mark.parametrize("command", UNDERSTOOD.strip().split("\n"))
def test_a_one_liner_that_prints_matches_and_splits_only_reads(command: str) -> None:
    assert set(effects(command)) <= {"fs.read f", "fs.read f.tsv", "fs.read data.csv", "fs.read src~"}


@pytest.mark.parametrize("command", NOT_UNDERSTOOD.strip().split("\n"))
def test_what_may_do_more_is_opaque(command: str) -> None:
    assert "opaque" in effects(command)


@pytest.mark.parametrize(
    "code",
    [
        'print "$main\'ENV{HOME}"',
        "print 1\n=pod\nx\n=cut\n; system(1)",
        'print << "E"\nsystem(1)\nE\n;',
        "format STDOUT =\nx\n.\n",
        "print 1; # /\nsystem(1) # /",
    ],
)
def test_code_of_several_lines_hides_nothing(code: str) -> None:
    assert not perl._understood(code, perl._WORDS)


def test_files_of_a_loop_that_perl_would_run_or_write_are_not_taken_for_files() -> None:
    assert effects("perl -ne 'print' a.txt src/*.py") == ["fs.read a.txt", "fs.read src~"]
    for name in ("'rm x|'", "'>x'", "'| rm x'", "'+<x'", "-", "*.txt", "$f", "src/$f.py", "' x'"):
        assert "opaque" in effects(f"perl -ne 'print' {name}"), name


def test_secrets_are_secrets_to_perl_too() -> None:
    assert "secret.read .env" in effects("perl -ne 'print' .env")
