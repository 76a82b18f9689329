"""Expressions by topic, and the configuration in which they stand."""

from __future__ import annotations

from itertools import product

PRELUDE = """
resource "terraform_data" "u" {}
variable "s" { default = "dv" }
variable "n" { default = 7 }
variable "b" { default = true }
variable "none" { default = null }
variable "nothing" {
  type    = string
  default = null
}
variable "l" {
  type    = list(string)
  default = ["a", "b", "a"]
}
variable "empty" {
  type    = list(string)
  default = []
}
variable "set" {
  type    = set(string)
  default = ["b", "a", "b"]
}
variable "numbers" {
  type    = set(number)
  default = [10, 9, 1]
}
variable "m" {
  type    = map(string)
  default = { k1 = "v1", k2 = "v2" }
}
variable "objects" {
  type    = list(object({ id = string, n = optional(number, 3), x = optional(string) }))
  default = [{ id = "i1" }, { id = "i2", n = 5, x = "y", extra = true }]
}
variable "deep" {
  type    = object({ a = optional(object({ b = optional(string, "bb") }), {}), c = list(number) })
  default = { c = ["1", 2] }
}
variable "any" {
  type    = map(any)
  default = { a = 1, b = "x" }
}
variable "tuple" {
  type    = tuple([string, number])
  default = [1, "2"]
}
locals {
  o    = { a = 1, b = { c = "deep", d = [1, 2, 3] }, "odd key" = true }
  dyn  = jsondecode(terraform_data.u.id)
  text = "line one\\nline two\\n"
}
"""
FILES = {
    "hello.txt": "Hello, world!\n",
    "unicode.txt": "grüße\n",
    "t.tpl": "N=${n}, ${upper(s)}\n",
    "loop.tpl": "%{ for x in xs ~}\n- ${x}\n%{ endfor ~}\n",
    "policy.json": '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow"}]}\n',
    "d/a.json": "{}",
    "d/b.txt": "b",
    "d/e/c.json": "[]",
}

LITERALS = """
null
true
false
0
-0
1
1.0
1.50
0.1
1e3
1e-3
1.5e+2
123456789012345678901234567890
0.1234567890123456789
"text"
""
"é"
"e\u0301"
"a\\tb\\nc\\"d\\\\e"
"\\u00e9\\U0001F600"
"$${x} %%{y} $$ $"
[]
{}
[1, "a", true, null]
[1, 2, 3,]
{a = 1, b = "x"}
{a : 1}
{"a b" = 1, (var.s) = 2, "${var.s}x" = 3}
{a = 1, a = 2}
{1 = "x"}
{true = 1, null = 2}
{null = 1}
{(null) = 1}
{([]) = 1}
{(1) = 2}
{(true) = 2}
{var.s = 1}
[[1], ["a"], {b = [null]}]
(((1)))
<<-EOT
"""
OPERATORS = """
1 + 2
1 + 2 * 3
(1 + 2) * 3
10 / 4
1 / 3
2 / 3
10 % 3
-10 % 3
10 % -3
5.5 % 2
-5 % 3
1 - 2 - 3
2 * 0.1
0.1 + 0.2
0.1 + 0.2 == 0.3
1e20 + 1
1e100 * 1e100
100000000000000000000 * 3
-var.n
-"5"
-"x"
- -5
!true
!false
!"true"
!"yes"
!null
!1
"1" + 2
"1" + "2"
"a" + 1
true + 1
null + 1
[1] + [2]
1 == 1
1 == 1.0
1 == "1"
"1" == "1"
"a" == "b"
true == "true"
null == null
null == 1
1 == null
var.none == null
var.nothing == null
var.nothing != null
[] == []
[1] == [1]
[1] == ["1"]
tolist([1]) == [1]
tolist([1]) == tolist([1])
toset(["a", "b"]) == toset(["b", "a", "a"])
{a = 1} == {a = 1}
{a = 1} == {a = "1"}
{a = 1} == {b = 1}
{a = 1, b = 2} == {b = 2, a = 1}
tomap({a = 1}) == {a = 1}
1 != 2
"a" != "a"
1 < 2
2 < 1
1 <= 1
1 >= 2
"1" < 2
"a" < "b"
10 > "9"
true && true
true && false
false || true
false || false
"true" && true
1 && true
null && true
null || true
"yes" || false
true && false || true
!true || true
1 < 2 == true
1 == 1 && 2 == 2
1 + 1 == 2 ? "yes" : "no"
"${1 + 1}" + 1
7 / 0.5
1 / 0
1 % 0
5.5 % 0
0 / 5
1.5 * 1.5
-1.5
3.0
0.000001
1e-10 + 0
12345678.9 * 10
var.n + var.n
var.s + 1
var.b && true
5 == 5.0
5 / 2 * 2
2 * 3 % 4
"5" * "5"
"0x10" + 0
"1e3" + 0
" 1" + 0
"" + 0
"." + 0
"+1" + 0
".5" + 0
"5." + 0
"1_000" + 0
"""
CONDITIONALS = """
true ? 1 : 2
false ? 1 : 2
true ? 1 : "a"
false ? 1 : "a"
true ? "a" : true
true ? true : 1
true ? null : 1
false ? null : 1
true ? null : null
true ? [1] : ["a"]
true ? [1] : []
true ? [1, 2] : [3]
true ? ["a", 1] : ["b"]
true ? {a = 1} : {a = "x"}
true ? {a = 1} : {b = 2}
true ? {a = 1} : {}
true ? {} : {a = "x", b = 1}
true ? {a = 1} : null
true ? [] : [{a = 1}]
false ? [] : [{a = 1}]
true ? [{a = 1}] : [{b = 1}]
true ? [{a = 1}] : [{a = "x"}, {a = 2}]
true ? tolist(["a"]) : []
true ? toset(["a"]) : ["b"]
true ? var.l : []
true ? var.m : {}
true ? var.m : {z = 1}
true ? 1 : [1]
true ? {a = 1} : [1]
true ? {a = [1]} : {a = "x"}
true ? {a = 1, b = [1]} : {a = 2, b = "x"}
"true" ? 1 : 2
"false" ? 1 : 2
"yes" ? 1 : 2
1 ? 1 : 2
null ? 1 : 2
[] ? 1 : 2
var.b ? var.s : var.n
var.nothing == null ? "none" : var.nothing
true ? 1 : [][0]
false ? [][0] : 1
true ? [][0] : 1
true ? "a" : nosuch
length(var.l) > 2 ? var.l[2] : "short"
true ? false ? 1 : 2 : 3
(true ? {a = 1} : {a = 2}).a
true ? [1, "x"] : [true]
true ? tomap({a = 1}) : {a = "x"}
true ? var.objects : []
true ? var.objects[0] : null
terraform_data.u.id == "x" ? 1 : 2
terraform_data.u.id == "x" ? "a" : 2
true ? terraform_data.u.id : "x"
false ? terraform_data.u.id : "x"
true ? local.dyn : "x"
"""
STEPS = """
[1, 2, 3][0]
[1, 2, 3][2]
[1, 2, 3][3]
[1, 2, 3][-1]
[1, 2, 3][1.5]
[1, 2, 3]["1"]
[1, 2, 3]["x"]
[1, 2, 3][true]
[1, 2, 3][null]
[1, 2, 3].0
[1, 2, 3].1
[[1], [2]].1.0
{a = 1}.a
{a = 1}["a"]
{a = 1}.b
{a = 1}["b"]
{a = 1}[null]
{1 = "x"}[1]
{true = "x"}[true]
"text".a
"text"[0]
5.a
5[0]
null.a
null[0]
var.none.a
var.m.k1
var.m["k2"]
var.m.zz
var.m["zz"]
var.l[0]
var.l[5]
var.l.a
var.set[0]
var.set.a
var.objects[0].id
var.objects[0].n
var.objects[1].n
var.objects[0].x
var.objects[1].x
var.objects[1].extra
var.deep.a.b
var.deep.c
var.any.a
var.tuple
var.tuple[0]
var.tuple[2]
local.o.b.c
local.o.b.d[1]
local.o["b"]["c"]
local.o["odd key"]
local.o.zz
local.zz
var.zz
[1, 2][*]
[{a = 1}, {a = 2}][*].a
[{a = 1}, {a = 2}].*.a
[{a = [1]}, {a = [2]}][*].a[0]
[{a = [1]}, {a = [2]}].*.a[0]
[[1, 2], [3]][*][0]
[[{a = 1}], [{a = 2}]][*][*].a
"a"[*]
5[*]
null[*]
[][*]
[][*].a
{a = 1}[*]
{a = 1}[*].a
var.none[*]
var.nothing[*]
var.l[*]
var.set[*]
var.m[*]
var.objects[*].id
var.objects[*].n
var.objects[*].zz
var.objects.*.id
var.empty[*].a
toset([1, 2])[*]
{a = 1}.*.a
var.objects[*].id[0]
(var.objects[*].id)[0]
"""
FORS = """
[for x in [1, 2, 3] : x * 2]
[for x in [] : x]
[for i, x in ["a", "b"] : "${i}-${x}"]
[for k, v in {b = 1, a = 2} : "${k}=${v}"]
[for v in {b = 1, a = 2} : v]
[for x in [1, 2, 3, 4] : x if x % 2 == 0]
[for x in [1, 2] : x if "true"]
[for x in [1, 2] : x if null]
[for x in [1, 2] : x if "x"]
[for x in var.set : x]
[for k, v in var.set : "${k}${v}"]
[for x in var.numbers : x]
[for x in toset([true, false]) : x]
[for x in "abc" : x]
[for x in 5 : x]
[for x in null : x]
[for x in [[1, 2], [3]] : [for y in x : y + 1]]
[for x in [1] : nosuch]
[for x in [1] : y]
[for o in var.objects : o.id]
[for o in var.objects : o if o.n > 3]
{for x in ["a", "b"] : x => upper(x)}
{for k, v in {a = 1, b = 2} : v => k}
{for i, x in ["a", "b"] : x => i}
{for x in ["a", "a"] : x => 1}
{for x in ["a", "b", "a"] : x => 1...}
{for i, x in ["a", "b", "a"] : x => i...}
{for x in [1, 2] : x => x}
{for x in [null] : x => 1}
{for x in [[]] : x => 1}
{for k, v in var.m : k => v if k != "k1"}
{for k, v in var.m : k => v...}
{for o in var.objects : o.id => o.n}
{for k, v in local.o : k => 1}
[for s in var.l : {name = s}]
[for s in [terraform_data.u.id] : s]
[for s in [terraform_data.u.id] : "x${s}"]
[for x in local.dyn : x]
{for x in local.dyn : x => x}
{for x in [terraform_data.u.id] : x => 1}
[for x in [1, 2] : terraform_data.u.id if x == 1]
flatten([for x in [1, 2] : [for y in ["a", "b"] : "${x}${y}"]])
[for i, v in [10, 20] : i]
[for k, v in {z = 1} : k][0]
"""
TEMPLATES = """
"a${1}b"
"${1}"
"${[1]}"
"${null}"
"a${null}"
"a${[1]}"
"a${{}}"
"a${true}b"
"a${1.50}b"
"a${1e30}"
"a${0.1}"
"${var.s}"
"${var.s}-${var.n}"
"${var.l}"
"x${var.l}"
"${"nested ${"deep"}"}"
"%{ if true }yes%{ else }no%{ endif }"
"%{ if false }yes%{ else }no%{ endif }"
"%{ if false }yes%{ endif }"
"%{ if null }yes%{ endif }"
"%{ if "x" }yes%{ endif }"
"%{ if true }${1}%{ endif }"
"%{ for x in [1, 2] }${x},%{ endfor }"
"%{ for i, x in ["a", "b"] }${i}${x}%{ endfor }"
"%{ for k, v in {a = 1} }${k}${v}%{ endfor }"
"%{ for x in [] }${x}%{ endfor }"
"%{ for x in null }${x}%{ endfor }"
"%{ for x in [1] ~} ${x} %{~ endfor }"
"  ${~ 1 ~}  "
"a  ${~ "b" ~}  c"
"x-${terraform_data.u.id}"
"${terraform_data.u.id}"
"${local.dyn}"
"$${a}"
"%%{a}"
"\\${1}"
"a$b%c"
<<EOT
hello
EOT
<<EOT
hello ${var.s}
  two
EOT
<<-EOT
    hello
      two
  three
EOT
<<EOT
%{ for x in [1, 2] ~}
- ${x}
%{ endfor ~}
end
EOT
<<-EOT
  %{ if var.b }
  yes
  %{ else }
  no
  %{ endif }
EOT
<<EOT
"quoted" \\n $${x}
EOT
"""
TYPES = """
tostring(1)
tostring(1.5)
tostring(true)
tostring("x")
tostring(null)
tostring([])
tostring({})
tonumber("1")
tonumber("1.5")
tonumber("x")
tonumber("")
tonumber(true)
tonumber(null)
tonumber([])
tonumber("1e3")
tonumber("0x1f")
tonumber("1,5")
tonumber(terraform_data.u.id)
tobool("true")
tobool("false")
tobool("1")
tobool("0")
tobool("yes")
tobool("True")
tobool(1)
tobool(0)
tobool(null)
tobool([])
tolist([1, 2])
tolist([1, "a"])
tolist([1, true])
tolist([1, "a", true])
tolist([])
tolist(["a", null])
tolist([null])
tolist([[1], ["a"]])
tolist([[1], [1, 2]])
tolist([1, []])
tolist([{a = 1}, {a = "x"}])
tolist([{a = 1}, {b = 1}])
tolist([{a = 1}, {b = []}])
tolist(toset(["b", "a"]))
tolist(null)
tolist("a")
tolist({a = 1})
tolist(var.m)
toset(["b", "a", "b"])
toset([1, "1"])
toset([3, 20, 100])
toset([])
toset([null, "a"])
toset([true, false, true])
toset([[1], [2], [1]])
toset([{a = 2}, {a = 1}])
toset("a")
toset(null)
toset(var.l)
toset({a = 1})
tomap({a = 1, b = "x"})
tomap({a = 1, b = true})
tomap({a = [1], b = ["x"]})
tomap({a = 1, b = []})
tomap({})
tomap({a = null})
tomap([])
tomap(null)
tomap(var.objects[0])
tomap({a = {x = 1}, b = {x = "y"}})
tomap({a = {x = 1}, b = {y = "y"}})
var.any
var.numbers
var.objects
var.deep
try(1, 2)
try(nosuch, 2)
try(local.o.zz, "fallback")
try(local.o.zz, local.o.yy, 5)
try(local.o.zz, local.o.yy)
try([][0], null)
try(tonumber("x"), "no")
try(null, 1)
try({a = [][0]}, "fallback")
try("a${[][0]}", "fallback")
try([for x in [1] : x.y], "fallback")
try(var.objects[5].id, "none")
try(terraform_data.u.id, "x")
try(local.dyn.a, "x")
try(nosuch(1), 2)
try()
can(1)
can(local.o.zz)
can(local.o.a)
can(tonumber("x"))
can(null)
can([][0])
can({a = [][0]})
can(regex("^a", "abc"))
can(regex("^b", "abc"))
can(terraform_data.u.id)
can(local.dyn.a)
can()
issensitive("x")
nonsensitive(sensitive("x"))
nonsensitive("x")
issensitive(sensitive([1]))
ephemeralasnull("x")
type(1)
nosuch(1)
core::upper("a")
upper()
upper("a", "b")
upper(null)
upper([])
upper(1)
upper(true)
max([1, 2]...)
max([]...)
max(1, [2, 3]...)
max("a"...)
max({a = 1}...)
max(null...)
concat([[1], [2]]...)
"""
TEXTS = """
upper("abcé")
lower("ABCÉ")
title("hello wörld foo-bar")
title("it's a_b c.d")
upper("ß")
upper("ǆ")
lower("İ")
chomp("a\\n")
chomp("a\\r\\n\\n")
chomp("a\\n ")
trimspace("  a b \\t\\n")
trimspace("\u00a0a\u2003")
trim("?!hello?!", "!?")
trim("aXa", "a")
trim("abc", "")
trimprefix("hello", "he")
trimprefix("hello", "lo")
trimprefix("hehello", "he")
trimprefix("he", "hello")
trimsuffix("hello", "lo")
trimsuffix("hello", "")
startswith("hello", "he")
startswith("hello", "lo")
startswith("hello", "")
endswith("hello", "lo")
endswith("hello", "he")
strcontains("hello", "ell")
strcontains("hello", "x")
strrev("hello")
strrev("grüße")
strrev("e\u0301a")
substr("hello", 1, 3)
substr("hello", 0, -1)
substr("hello", 2, -1)
substr("hello", -3, 2)
substr("hello", -3, -1)
substr("hello", 10, 2)
substr("hello", 3, 10)
substr("hello", -10, 3)
substr("hello", 1.5, 2)
substr("hello", 0, 0)
substr("hello", 1, -2)
substr("grüße", 2, 2)
substr("\U0001f600x", 0, 1)
join(",", ["a", "b"])
join(",", [])
join("", ["a", "b"])
join(",", ["a"], ["b", "c"])
join(",", [1, true, "x"])
join(",", ["a", null])
join(",", var.set)
join(",", "a")
join(",")
join(",", [["a"]])
split(",", "a,b,c")
split(",", "")
split("", "abc")
split("", "")
split(",", "abc")
split("ab", "xabyabz")
split(",", ",a,")
replace("hello", "l", "L")
replace("hello", "x", "L")
replace("hello", "", "-")
replace("hello", "/l+/", "L")
replace("hello", "/(h)(e)/", "$2$1")
replace("hello", "/(?P<x>l)/", "<${"$"}{x}>")
replace("hello", "/(l)/", "$1x")
replace("hello", "/(l)/", "$$1")
replace("hello", "/(l)/", "$9")
replace("a/b", "/", "-")
replace("a//b", "//", "-")
replace("a/b/c", "/\\\\//", "-")
replace("hello", "/[aeiou]/", "*")
replace("hello", "/x*/", "-")
replace("hello", "/(/", "-")
replace("arn:aws:iam::1:oidc-provider/token.x.com", "/^(.*provider/)/", "")
indent(2, "a\\nb\\n")
indent(0, "a\\nb")
indent(2, "")
indent(-1, "a\\nb")
format("%s", "a")
format("%s-%s", "a", "b")
format("%d", 5)
format("%d", "5")
format("%d", 5.7)
format("%d", -5.7)
format("%d", "x")
format("%s", 5)
format("%s", true)
format("%s", null)
format("%s", [1])
format("%v", "a")
format("%v", 1)
format("%v", 1.5)
format("%v", 111122223333)
format("%v", 1000000)
format("%v", 123456)
format("%v", 0.00001)
format("%v", 1e21)
format("%v", 1e100)
format("%v", true)
format("%v", null)
format("%v", [1, "a", null])
format("%v", {a = 1})
format("%#v", "a")
format("%#v", 1)
format("%#v", null)
format("%q", "a\\"b")
format("%q", 5)
format("%t", true)
format("%t", "true")
format("%t", 1)
format("%b", 5)
format("%o", 9)
format("%x", 255)
format("%X", 255)
format("%x", "a")
format("%e", 1234.5)
format("%f", 1.5)
format("%.2f", 1.555)
format("%.0f", 2.5)
format("%.0f", 3.5)
format("%g", 1234567)
format("%g", 0.1)
format("%.3g", 1234.5)
format("%5d|", 42)
format("%-5d|", 42)
format("%05d", 42)
format("%05d", -42)
format("%+d", 42)
format("% d", 42)
format("%5s|", "ab")
format("%-5s|", "ab")
format("%05s|", "ab")
format("%.1s", "ab")
format("%5.1f|", 3.14159)
format("%[2]s %[1]s", "a", "b")
format("%[1]s %[1]s", "a")
format("%[3]s", "a")
format("%s", "a", "b")
format("%s %s", "a")
format("%%")
format("100%")
format("%z", 1)
format("")
format("plain")
format("%s", terraform_data.u.id)
format("x-%s", terraform_data.u.id)
format(terraform_data.u.id)
format("%d items", length(var.l))
format("%03d", 7)
format("é%s", "ü")
formatlist("%s-x", ["a", "b"])
formatlist("%s-%s", ["a", "b"], ["c", "d"])
formatlist("%s-%s", "x", ["c", "d"])
formatlist("%s-%s", ["a"], ["c", "d"])
formatlist("%s", [])
formatlist("x", ["a"])
formatlist("%s", "a")
formatlist("arn:aws:iam::%s:root", var.set)
formatlist("%d", [1, 2])
formatlist("%s", ["a", terraform_data.u.id])
regex("[a-z]+", "53453453.345345aaabbbccc23454")
regex("(\\\\d\\\\d\\\\d\\\\d)-(\\\\d\\\\d)-(\\\\d\\\\d)", "2019-02-01")
regex("^(?:(?P<scheme>[^:/?#]+):)?(?://(?P<authority>[^/?#]*))?", "https://terraform.io/docs/")
regex("a", "b")
regex("(", "b")
regex("(a)|(b)", "b")
regex("a*", "baa")
regex("(?i)ABC", "xabc")
regex("a.c", "a\\nc")
regex("(?s)a.c", "a\\nc")
regex("(?m)^b$", "a\\nb")
regex("b$", "b\\n")
regex("\\\\bfoo\\\\b", "a foo b")
regex("[[:alpha:]]+", "12ab")
regex("\\\\pL+", "12ab")
regex("a{2,3}", "aaaa")
regex("a{2,3}?", "aaaa")
regex("(a+)+$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaab")
regex("(?P<a>x)(y)", "xy")
regex("(?=a)", "a")
regex("(a)\\\\1", "aa")
regex("[^/]+$", "a/b/c")
regex("\\\\x41\\\\.", "A.")
regex("a|ab", "ab")
regex("(a|ab)(c|bcd)", "abcd")
regex("x*", "")
regex("[]a]+", "]a")
regex("a**", "a")
regex("*a", "a")
regex("a{1001}", "a")
regex("(?U)a+", "aaa")
regex("\\\\Qa.b\\\\E", "a.b")
regex("[a-\\\\d]", "a")
regex("arn:aws:iam::(\\\\d+):", "arn:aws:iam::123456789012:root")
regexall("[a-z]+", "1ab2cd")
regexall("[a-z]+", "123")
regexall("([a-z])(\\\\d)", "a1b2")
regexall("(?P<l>[a-z])(?P<d>\\\\d)?", "a1b")
regexall("", "ab")
regexall("a*", "baac")
length(regexall("x", "axbx")) > 0
"""
LISTS = """
length([1, 2])
length("abc")
length("grüße")
length("e\u0301")
length("\U0001f468\u200d\U0001f469\u200d\U0001f467")
length("\U0001f1e9\U0001f1ea")
length("\\r\\n")
length({a = 1})
length(null)
length(5)
length(true)
length(var.set)
length(var.m)
length(terraform_data.u.id)
length([terraform_data.u.id])
length("")
concat(["a"], ["b"])
concat(["a"], [1])
concat([])
concat()
concat(["a"], [])
concat(var.l, ["x"])
concat(var.l, var.l)
concat(tolist(["a"]), tolist([1]))
concat(var.set, ["x"])
concat("a", ["b"])
concat([1], null)
contains(["a", "b"], "a")
contains(["a", "b"], "z")
contains([1, 2], "1")
contains(["1"], 1)
contains(var.set, "a")
contains([null], null)
contains([], "a")
contains("abc", "a")
contains([terraform_data.u.id], "a")
contains(["a", terraform_data.u.id], "a")
distinct(["a", "b", "a"])
distinct([1, "1"])
distinct([])
distinct([[1], [1]])
element(["a", "b"], 0)
element(["a", "b"], 3)
element(["a", "b"], -1)
element(["a", 1], 1)
element([], 0)
element(var.set, 0)
element(["a"], 1.5)
flatten([["a", "b"], [], ["c"]])
flatten([[["a"]], "b"])
flatten(["a"])
flatten([])
flatten([[1, ["x"]], {a = [1]}])
flatten("a")
flatten([var.l, var.set])
flatten([["a", terraform_data.u.id]])
flatten([local.dyn])
index(["a", "b"], "b")
index(["a", "b"], "z")
index([], "z")
keys({b = 1, a = 2})
keys(var.m)
keys({})
keys([])
keys(local.o)
values({b = 1, a = "x"})
values(var.m)
values({})
values([])
lookup({a = 1}, "a")
lookup({a = 1}, "a", 2)
lookup({a = 1}, "b", 2)
lookup({a = 1}, "b", "x")
lookup({a = 1}, "b")
lookup(var.m, "k1", "d")
lookup(var.m, "zz", "d")
lookup(var.m, "zz", 1)
lookup(var.m, "zz", null)
lookup(var.m, "zz")
lookup(var.m, "k1", [])
lookup([], "a", 1)
merge({a = 1}, {b = 2})
merge({a = 1}, {a = "x"})
merge({a = 1}, null)
merge(null, null)
merge()
merge({})
merge(var.m, {z = "z"})
merge(var.m, {z = 1})
merge(var.m, tomap({z = "q"}))
merge(var.m, tomap({z = 1}))
merge({a = {b = 1}}, {a = {c = 2}})
merge([1], {})
merge([{a = 1}, {b = 2}]...)
merge({a = terraform_data.u.id}, {b = 1})
merge(local.dyn, {b = 1})
one([])
one(["a"])
one([1, 2])
one(toset(["a"]))
one(null)
one("a")
one(var.empty)
coalesce("a", "b")
coalesce("", "b")
coalesce(null, "b")
coalesce(null, "", 1)
coalesce(1, "b")
coalesce("", "")
coalesce(null, null)
coalesce()
coalesce([], ["a"])
coalesce(null, false)
coalesce(terraform_data.u.id, "x")
coalesce("x", terraform_data.u.id)
coalesce([1], "a")
coalescelist([], ["a"])
coalescelist(null, ["a"])
coalescelist([], [])
coalescelist(var.empty, var.l)
compact(["a", "", "b", null])
compact([])
compact([1, ""])
compact(var.l)
reverse([1, 2, "x"])
reverse(var.l)
reverse([])
reverse(var.set)
reverse("abc")
slice(["a", "b", "c"], 1, 2)
slice(["a", "b", "c"], 0, 3)
slice(["a", "b", "c"], 1, 4)
slice(["a", "b", "c"], 2, 1)
slice(["a", "b", "c"], -1, 1)
slice(var.l, 0, 2)
slice(var.set, 0, 1)
slice(["a", 1], 1, 2)
sort(["b", "a", "C"])
sort([10, 9])
sort([])
sort(var.set)
sort(["a", null])
sum([1, 2, 3])
sum([1.5, "2"])
sum([])
sum(["x"])
sum(toset([1, 2]))
alltrue([true, true])
alltrue([true, false])
alltrue([])
alltrue(["true"])
alltrue([null])
alltrue(["x"])
anytrue([false, true])
anytrue([])
anytrue([false, null])
chunklist(["a", "b", "c"], 2)
chunklist([], 2)
chunklist(["a"], 0)
chunklist(["a"], -1)
matchkeys(["a", "b", "c"], ["x", "y", "x"], ["x"])
matchkeys(["a"], ["x", "y"], ["x"])
range(3)
range(1, 4)
range(1, 8, 2)
range(4, 1)
range(4, 1, -1)
range(0, 1, 0.25)
range(0)
range(1, 4, -1)
range(1, 4, 0)
range(2000)
range()
setunion(["a"], ["b", "a"])
setunion(["a"], [1])
setintersection(["a", "b"], ["b", "c"])
setintersection(["a", "b"])
setsubtract(["a", "b", "c"], ["a"])
setsubtract(["a"], ["a"])
setsubtract([1, 2], ["1"])
setproduct(["a", "b"], [1, 2])
setproduct(toset(["a"]), toset(["b", "c"]))
setproduct([], ["a"])
setproduct(["a"])
transpose({a = ["1", "2"], b = ["2"]})
transpose({})
zipmap(["a", "b"], [1, 2])
zipmap(["a", "b"], [1, "x"])
zipmap(["a"], [1, 2])
zipmap(["a", "a"], [1, 2])
zipmap([], [])
zipmap(var.l, var.l)
"""
NUMBERS = """
abs(-5)
abs(1.5)
abs("x")
ceil(1.2)
ceil(-1.2)
ceil(5)
floor(1.8)
floor(-1.2)
log(100, 10)
log(16, 2)
log(0, 10)
max(1, 3, 2)
max()
min(1, 3, 2)
min("1", 2)
parseint("100", 10)
parseint("ff", 16)
parseint("FF", 16)
parseint("zz", 36)
parseint("aA", 62)
parseint("-12", 10)
parseint("12", 2)
parseint("", 10)
parseint(12, 10)
parseint("12", 70)
parseint("1.5", 10)
pow(2, 10)
pow(2, 0.5)
pow(2, -1)
pow(0, 0)
signum(-3)
signum(0)
signum(2.5)
1e15
1e22
123456789.123
"""
ENCODINGS = """
jsonencode({b = 1, a = [true, null, "x"]})
jsonencode("<a>&'\\"\\\\\\n\\t")
jsonencode("é\u2028")
jsonencode("\\u0001\\u007f")
jsonencode(null)
jsonencode([])
jsonencode({})
jsonencode(1.5)
jsonencode(1e30)
jsonencode(0.1)
jsonencode(toset(["b", "a"]))
jsonencode(var.objects)
jsonencode({"a:b" = 1, A = 2, a = 3})
jsonencode(terraform_data.u.id)
jsonencode({a = terraform_data.u.id})
jsondecode("{\\"a\\": [1, true, null, \\"x\\"]}")
jsondecode("1")
jsondecode("1.50")
jsondecode("\\"x\\"")
jsondecode("null")
jsondecode("[]")
jsondecode("")
jsondecode("{")
jsondecode("{\\"a\\": 1, \\"a\\": 2}")
jsondecode("[1, 2,]")
jsondecode("\\"\\\\u00e9\\"")
jsondecode(jsonencode({a = 1, b = ["x"]}))
jsondecode(jsonencode(var.objects))
jsondecode(jsonencode(toset(["a"])))
jsondecode(jsonencode({a = 1})).a
jsondecode(terraform_data.u.id)
jsondecode(file("policy.json"))
jsondecode(file("policy.json")).Statement[0].Effect
yamlencode({a = 1, b = [1, "x"], c = {d = null}})
yamlencode([])
yamlencode({})
yamlencode("x")
yamlencode([[1, 2], {a = 1}])
yamlencode({a = []})
yamlencode("a: b")
yamlencode("line\\nbreak\\n")
yamldecode("a: 1\\nb: [x, true]\\n")
yamldecode("- 1\\n- a: b\\n")
yamldecode("x")
yamldecode("~")
yamldecode("1.5")
yamldecode("a: {b: c")
yamldecode("\\"x\\"")
yamldecode("yes")
yamldecode("0x10")
yamldecode("2012-10-17")
base64encode("hello")
base64encode("grüße")
base64decode("aGVsbG8=")
base64decode("!")
base64decode("/w==")
base64sha256("hello")
base64sha512("hello")
md5("hello")
sha1("hello")
sha256("hello")
sha512("hello")
urlencode("a b&c/d=é~*")
textencodebase64("hello", "UTF-16LE")
textdecodebase64("aABpAA==", "UTF-16LE")
textencodebase64("hello", "nope")
csvdecode("a,b\\n1,2\\n3,4\\n")
csvdecode("a,b\\n1\\n")
csvdecode("a,a\\n1,2\\n")
csvdecode("")
csvdecode("a\\n")
uuidv5("dns", "www.terraform.io")
uuidv5("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "x")
uuidv5("x", "y")
cidrhost("10.12.127.0/20", 16)
cidrhost("10.12.127.0/20", -1)
cidrhost("10.0.0.0/30", 4)
cidrhost("fd00:fd12:3456:7890:00a2::/72", 34)
cidrhost("x", 1)
cidrnetmask("172.16.0.0/12")
cidrnetmask("fd00::/64")
cidrsubnet("172.16.0.0/12", 4, 2)
cidrsubnet("10.1.2.0/24", 4, 15)
cidrsubnet("10.1.2.0/24", 4, 16)
cidrsubnet("fd00:fd12:3456:7890::/56", 16, 162)
cidrsubnets("10.1.0.0/16", 4, 4, 8, 4)
cidrsubnets("10.1.0.0/16", 20)
formatdate("DD MMM YYYY hh:mm ZZZ", "2018-01-02T23:12:01Z")
formatdate("EEEE, DD-MMM-YY hh:mm:ss ZZZ", "2018-01-02T23:12:01Z")
formatdate("EEE, DD MMM YYYY hh:mm:ss ZZZ", "2018-01-02T23:12:01-08:00")
formatdate("MMM DD, YYYY", "2018-01-02T23:12:01Z")
formatdate("HH:mmaa", "2018-01-02T23:12:01Z")
formatdate("h'h'mm''", "2018-01-02T23:12:01Z")
formatdate("xx", "2018-01-02T23:12:01Z")
formatdate("YYYY", "2018-01-02")
timeadd("2017-11-22T00:00:00Z", "10m")
timeadd("2017-11-22T00:00:00Z", "-1h30m")
timeadd("2017-11-22T00:00:00+02:00", "1.5s")
timeadd("2017-11-22T00:00:00Z", "1d")
timecmp("2017-11-22T00:00:00Z", "2017-11-22T00:00:00Z")
timecmp("2017-11-22T00:00:00Z", "2017-11-22T01:00:00Z")
timecmp("2017-11-22T01:00:00Z", "2017-11-22T00:59:00-01:00")
basename("a/b/c.txt")
basename("a/b/")
basename("")
basename("/")
dirname("a/b/c.txt")
dirname("a")
dirname("/a")
dirname("a/b/")
pathexpand("a/b")
file("hello.txt")
file("unicode.txt")
file("missing.txt")
file("${path.module}/hello.txt")
fileexists("hello.txt")
fileexists("missing.txt")
fileset(".", "*.txt")
fileset(".", "**/*.json")
fileset("d", "*")
fileset("d", "**")
fileset(".", "d/{a,b}.*")
fileset(".", "[hu]*.txt")
filebase64("hello.txt")
filemd5("hello.txt")
filesha1("hello.txt")
filesha256("hello.txt")
filesha512("hello.txt")
filebase64sha256("hello.txt")
filebase64sha512("hello.txt")
templatefile("t.tpl", {n = 1, s = "x"})
templatefile("t.tpl", {n = 1})
templatefile("t.tpl", {n = [1], s = "x"})
templatefile("t.tpl", {n = terraform_data.u.id, s = "x"})
templatefile("loop.tpl", {xs = ["a", "b"]})
templatefile("loop.tpl", {xs = []})
templatefile("missing.tpl", {})
templatefile("hello.txt", {})
templatefile("t.tpl", [])
timestamp()
uuid()
path.module
terraform.workspace
"""
UNKNOWN = """
terraform_data.u.id
local.dyn
terraform_data.u.nosuch
terraform_data.u
terraform_data.zz.id
upper(terraform_data.u.id)
"${terraform_data.u.id}x"
[terraform_data.u.id, 1]
{a = terraform_data.u.id}
{(terraform_data.u.id) = 1}
terraform_data.u.id == null
"x${terraform_data.u.id}" == null
"x${terraform_data.u.id}" == "y"
"x${terraform_data.u.id}" == "xy"
terraform_data.u.id == terraform_data.u.id
terraform_data.u.id + 1
terraform_data.u.id && true
local.dyn == 1
join(",", ["a", terraform_data.u.id])
join(",", [])
split(",", terraform_data.u.id)
split(",", "a,${terraform_data.u.id}")[0]
startswith("ab${terraform_data.u.id}", "a")
startswith("ab${terraform_data.u.id}", "x")
endswith("${terraform_data.u.id}b", "b")
strcontains("abc${terraform_data.u.id}", "b")
trimprefix("ab${terraform_data.u.id}", "a")
replace(terraform_data.u.id, "a", "b")
regex("a", terraform_data.u.id)
regexall("a", terraform_data.u.id)
substr(terraform_data.u.id, 0, 1)
length([for x in [1, 2] : terraform_data.u.id])
keys({a = terraform_data.u.id})
values({a = terraform_data.u.id})
lookup({a = 1}, terraform_data.u.id, 2)
element(["a", "b"], local.dyn)
[1, 2][local.dyn]
{a = 1}[terraform_data.u.id]
toset([terraform_data.u.id])
toset([terraform_data.u.id, "a"])
tolist([terraform_data.u.id])
tolist(local.dyn)
distinct([terraform_data.u.id, "a"])
sort([terraform_data.u.id, "a"])
compact([terraform_data.u.id, "a"])
reverse([terraform_data.u.id, "a"])
concat([terraform_data.u.id], ["a"])
merge({a = terraform_data.u.id}, {a = 1})
zipmap(["a"], [terraform_data.u.id])
zipmap([terraform_data.u.id], [1])
one([terraform_data.u.id])
max(1, local.dyn)
terraform_data.u.id[*]
local.dyn[*]
terraform_data.u[*].id
local.dyn.a.b[0]
base64encode(terraform_data.u.id)
md5(terraform_data.u.id)
templatestring(var.s, {})
setproduct(["a"], [terraform_data.u.id])
tostring(local.dyn)
!(terraform_data.u.id == "a")
false && terraform_data.u.id == "a"
true || terraform_data.u.id == "a"
terraform_data.u.id != null ? 1 : 2
[for x in [1] : x if terraform_data.u.id == "a"]
contains([1, 2], local.dyn)
tolist([[1], null])
tolist([[1], local.dyn])
tolist([local.dyn, "a"])
local.dyn == null
{a = local.dyn}
[local.dyn]
local.dyn.x
local.dyn[0]
local.dyn["x"]
[for k, v in local.dyn : k]
flatten([["a"], local.dyn])
concat(["a"], local.dyn)
coalesce(local.dyn, "a")
"""

_VALUES = ("null", "true", '"a"', '"1"', "1", "[]", '["a"]', "{}", "{a = 1}", "var.set", "var.m")
_GRID = ("tolist(%s)", "toset(%s)", "tomap(%s)", "tostring(%s)", "jsonencode(%s)", "%s[*]")
_PAIRS = [f"true ? {one} : {two}" for one, two in product(_VALUES, _VALUES)]
_EQUALS = [f"{one} == {two}" for one, two in product(_VALUES, _VALUES)]


def _read(block: str) -> list[str]:
    """The expressions of a block: one a line, but for heredocs."""
    found: list[str] = []
    lines = iter(block.strip("\n").split("\n"))
    for line in lines:
        text = line
        if line.startswith("<<"):
            for more in lines:
                text += f"\n{more}"
                if more == "EOT":
                    break
            else:
                continue
        found.append(text)
    return found


_BLOCKS = [LITERALS, OPERATORS, CONDITIONALS, STEPS, FORS, TEMPLATES, TYPES, TEXTS, LISTS]
_BLOCKS += [NUMBERS, ENCODINGS, UNKNOWN]
_ALL = [text for block in _BLOCKS for text in _read(block)]
_ALL += [pattern % value for pattern, value in product(_GRID, _VALUES)]
EXPRESSIONS = list(dict.fromkeys([*_ALL, *_PAIRS, *_EQUALS]))
