"""ruby: which one-liners are understood, and that what could run, write or name anything else is not."""

from __future__ import annotations

import pytest

from tests.analyse.shell.check import effects

UNDERSTOOD = r"""
ruby -ne 'puts $_ if $_ =~ /\AERROR/' log/production.log
ruby -rjson -e 'puts JSON.parse(File.read("composer.json"))["require"].keys'
ruby -rcsv -e 'CSV.foreach("people.csv", headers: true) { |r| puts r["email"] }'
ruby -ne 'puts "#{$.}: #{$_}" if /TODO/' a.rb
ruby -ane 'puts $F[1]' a.txt
ruby -e 'puts File.readlines("a.txt").map(&:to_i).sum'
ruby -e 'puts ARGF.each_line.map { |l| l.split(",")[2].to_f }.sum' a.csv
ruby -ryaml -e 'p YAML.safe_load_file("c.yml").keys'
ruby -e 'puts STDIN.read.scan(/\w+/).tally.sort_by { |k, v| -v }.first(10).map { |k, v| "#{k} #{v}" }'
ruby -e 'Struct.new("A").new'
ruby -e 'puts [1, 2, 3].inject(:+), [1].reduce(0) { |a, b| a + b }'
ruby -e 'x = [1]; puts x.sum / 2, x.map { |y| y * 2 }.inspect'
ruby -e 'n = 0; while l = gets; n += 1 if l =~ /x/; end; puts n' a.txt
ruby -e 'a = gets.split; puts a[0].to_i % 7'
ruby -lne 'puts $_.split(/\s+/)[1] unless $_.empty?' a.txt
ruby -rjson -e 'puts JSON.pretty_generate(JSON.parse(STDIN.read))'
ruby -e 'x = 2; puts x * Math::PI, x > 1 ? :a : :b'
ruby -e 'a = [1]; a.each do |x| puts x end'
ruby -e 'h = Hash.new(0); File.foreach("a.log") { |l| h[l[/\d+/]] += 1 }; h.each { |k, v| puts "#{k}: #{v}" }'
ruby -e 'x = 1; puts x % 2, x & 3, 2 ** 3'
"""

REFUSED = r"""
ruby -e '`id`'
ruby -e 'system "id"'
ruby -ne 'puts `#{$_}`' x
ruby -rjson -e 'JSON.load(File.read("x"), nil, create_additions: true)'
ruby -e 'puts File.read("|id")'
ruby -e 'open("|id"){|f| puts f.read}'
ruby -e 'IO.read("|id")'
ruby -ne 'print' '|id'
ruby -i -pe 'gsub(/a/,"b")' x
ruby -e 'Kernel.send(:system,"id")'
ruby -e 'eval gets'
ruby -r./x -e 1
ruby -e 'puts "#{`id`}"'
ruby -ryaml -e 'p YAML.load(File.read("x"))'
ruby -e 'p Marshal.load(File.binread("x"))'
ruby -e 'File.write("x","y")'
ruby -e 'p ENV["TOKEN"]'
ruby -e 'puts Dir["/root/*"]'
ruby -e 'require "open-uri"; puts URI.open("http://x").read'
ruby -rcsv -e 'CSV.open("x","w"){}'
ruby -rfileutils -e 'FileUtils.rm_rf("x")'
ruby -ne 'puts $_ if /#{`id`}/' x
ruby -e 'ObjectSpace.each_object(Class){}; __send__ :exec, "id"'
ruby -e '[:system].each{|m| method(m).call("id")}'
ruby -e 'p %x(id)'
ruby -e 'puts [1].map(&:system)'
ruby -e 'DATA.read; exit!' x
ruby -x x
ruby -rcsv -e 'puts CSV.read("/etc/" + "shadow")'
ruby -rcsv -e 'c = CSV; puts c.readlines "/etc/shadow"'
ruby -rcsv -e 'p [CSV, "/etc/shadow"].sort(&:read)'
ruby -e 'loop { true ? fork:0 }'
ruby -C / -e 'puts 1'
ruby -S x
ruby -e 'trap(:EXIT){ exec "id" }'
ruby -ne 'puts $<.file.flock(1); $<.inplace_mode=".b"' x
ruby -e 'puts [1,2].map(&:system)'
ruby -e 'x = 1; y = x / 2; puts `id`; z = 1 / 2'
ruby -e 'puts 1 / `id` / 2'
ruby -e 'p /#{`id`}/'
ruby -e 'puts "#{system(%q(id))}"'
ruby -e 'x = <<A; puts x
`id`
A'
ruby -e 'x=<<`A`
id
A'
ruby -e 'puts ?`; puts ?a'
ruby -e 'system = 1; system "id"'
ruby -e 'open = 1; open("|id")'
ruby -e 'send = 0; [1].each { |eval| eval "id" }'
ruby -e 'a=[1]; a.each { |x| exec "id" }'
ruby -e 'puts File.read(ARGV[0])' x
ruby -e 'p $LOAD_PATH, ENV'
ruby -e 'p %w(a b), %x[id]'
ruby -e 'class String; def to_s; `id`; end; end; puts ""'
ruby -e 'puts DATA.read
__END__
x'
ruby -e 'File.read("a").then(&method(:system))'
ruby -e 'p binding.local_variables'
ruby -e 'p Object.const_get("Kernel")'
ruby -e 'p self.class.instance_method(:x)'
ruby -e 'Class.new { }'
ruby -e 'JSON.load(File.read("x"))'
ruby -e 'puts JSON.parse(File.read("x"), create_additions: true)'
ruby -e 'puts ["x", "system(%q(id))"].inject(:instance_eval)'
ruby -e 's = :instance_eval; puts ["x", "system(1)"].inject(s)'
ruby -e 'm = :instance_eval; ["x"].each_with_object("exit", &m)'
ruby -e 'STDIN.class.read("|id")'
ruby -e 'x = 1; rm = 2; puts %x[rm]'
ruby -e 'foo = 1; puts <<foo
#{`id`}
foo'
ruby -e 'File.read("a.txt", mode: "w")'
ruby -e 'File.read("a.txt", :mode => "w")'
ruby -e 'File.read("a.txt", chomp: true, "mode": "w")'
ruby -rcsv -e 'CSV.foreach("a.csv", "w") { }'
ruby -e 'loop { fork }'
ruby -e 'Integer::instance_eval("`id`")'
ruby -e 'puts String::File.read("x")'
ruby -e 'puts "a" "#{`rm x`}"'
ruby -e 'puts %W[#{`rm x`}]'
ruby -e 'a = 1; puts a /`rm x` #/'
ruby -e 'print "#$0"'
ruby -e 'CSV.read("a.csv", converters: ->(x) { `rm y` })'
ruby -e 'p 1; # comment
`rm x`'
ruby -e 'p [1].map(& :system)'
ruby -e 'puts %=#{`id`}='
ruby -e 'x = % #{`id`} '
"""


def _commands(text: str) -> list[str]:
    """One command a line; a line that begins with no command continues the one above."""
    return [f"ruby{command}" for command in ("\n" + text.strip()).split("\nruby")[1:]]


@pytest.mark.parametrize("command", _commands(UNDERSTOOD))
def test_a_program_of_known_words_only_reads(command: str) -> None:
    assert {effect.split()[0] for effect in effects(command)} <= {"fs.read"}


@pytest.mark.parametrize("command", _commands(REFUSED))
def test_a_program_that_could_do_more_is_opaque(command: str) -> None:
    assert "opaque" in effects(command)


def test_what_a_program_reads_is_told() -> None:
    assert effects("ruby -e 'puts File.read(\"/etc/passwd\")'") == ["fs.read /etc/passwd"]
    assert effects("ruby -e 'puts File.read(\".env\")'") == ["secret.read .env"]
    assert effects("ruby -e 'puts ARGF.read' a b") == ["fs.read a", "fs.read b"]


def test_a_long_program_is_not_looked_through() -> None:
    assert effects(f"ruby -e '{'puts 1; ' * 1000}'") == ["opaque"]
