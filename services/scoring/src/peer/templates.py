"""Renders a table of templates and documents as lm-evaluation-harness does, for TemplateTest.

    templates.py > ../test/resources/golden/jinja.json

Where rendering fails, or writes an address in memory, "rendered" is null.
"""

import json
import sys

from lm_eval.utils import apply_template

DOCUMENTS = {
    "question": {
        "text": "The quick, brown  fox ",
        "choices": ["it's", 'b"c\'', "d\n", "한글\u200b\x01"],
        "n": 3,
        "negative": -7,
        "truth": True,
        "nothing": None,
        "big": 1e20,
        "tenth": 0.1,
        "tiny": 1.5e-7,
        "huge": 123456789012345678901234567890,
        "object": {"k": "v", "items": [1, 2], "0": "zero", "nested": {"a": [{"b": "deep"}]}},
        "digits": "42",
        "emoji": "a😀b",
        "empty": "",
        "none_left": [],
        "rows": [
            {"name": "b", "score": 2, "ok": True, "tags": ["x", "y"]},
            {"name": "A", "score": 10, "ok": False, "tags": []},
            {"name": "c", "score": 2, "ok": True, "tags": ["z"]},
        ],
        "numbers": [3, 1, 2, True, 2.5],
        "words": ["b", "A", "a", "B", "b"],
        "like_a_template": "<a> & 'b' {{ n }} {% raw %}",
        "Avaliación": 2,
        "lines": "one\r\ntwo\rthree\n",
        "spaces": "\u00a0 x\u2028\x1c",
        "cased": "ǆ ß ŒUVRE straße ΑΣ",
        "hindi": "नमस्ते दुनिया",
    }
}

TEMPLATES = r"""
{{ 'fox' in text }} {{ 'cat' in text }} {{ 'cat' not in text }} {{ '' in text }}
{{ 3 in numbers }} {{ 1 in [true] }} {{ 'b' in words }} {{ 'k' in object }} {{ 'v' in object }} {{ none in [nothing] }}
{{ 3 in text }}
{{ 'a' in 3 }}
{{ 'a' in nothing }}
{{ missing in [1] }}
{{ 'a' in missing }}
{{ 1 in [missing] }}
{{ [1] in [[1.0]] }} {{ (1,) in [[1]] }}
{{ n is eq 3 }} {{ n is equalto 3 }} {{ n is eq(3) }} {{ n is == 3 }}
{{ n is eq 3 }} {{ n is equalto 3 }} {{ n is eq(3) }} {{ n is ne 4 }}
{{ n is lt 4 }} {{ n is lessthan 2 }} {{ n is le 3 }} {{ n is gt 2 }} {{ n is greaterthan 9 }} {{ n is ge 3 }}
{{ n is defined }} {{ missing is defined }} {{ missing is undefined }} {{ n is not defined }} {{ missing is not defined }}
{{ object.missing is defined }} {{ object['k'] is defined }} {{ object.k is defined }}
{{ missing.x is defined }}
{{ nothing is none }} {{ n is none }} {{ n is not none }} {{ missing is none }} {{ nothing is defined }}
{{ n is number }} {{ n is integer }} {{ tenth is float }} {{ truth is integer }} {{ truth is number }} {{ truth is boolean }} {{ truth is true }} {{ 1 is true }} {{ false is false }}
{{ text is string }} {{ choices is string }} {{ missing is string }} {{ object is mapping }} {{ choices is mapping }}
{{ choices is iterable }} {{ n is iterable }} {{ choices is sequence }} {{ text is sequence }} {{ n is sequence }} {{ object is sequence }} {{ nothing is sequence }}
{{ n is odd }} {{ n is even }} {{ negative is odd }} {{ n is divisibleby 3 }} {{ n is divisibleby(2) }}
{{ 'abc' is lower }} {{ 'ABC' is upper }} {{ '12' is lower }} {{ text is upper }}
{{ 'a' is in 'abc' }} {{ 1 is in [1, 2] }} {{ 3 is not in [1, 2] }} {{ nothing is sameas none }} {{ truth is sameas true }}
{{ missing is eq 1 }}
{{ n is nosuchtest }}
{{ range is callable }} {{ n is callable }}
{{ 'x' if n is eq 3 and text is string else 'y' }}
{{ not n is none }} {{ not n is none and truth }}
{{ text|first }}{{ text|last }}{{ text|list }}
{{ choices|first }}{{ choices|last }}{{ emoji|list }} {{ emoji|last }}
{{ none_left|first }}
{{ none_left|last is defined }}
{{ none_left|first|default('d') }}
{{ object|first }} {{ object|last }} {{ object|list }}
{{ n|list }}
{{ nothing|first }}
{{ nothing|list }}
{{ digits|int + 1 }} {{ '3.7'|int + 1 }} {{ truth|int + 1 }} {{ 'x'|int }} {{ 'x'|int(7) }} {{ nothing|int }} {{ ' 12 '|int }} {{ '1_000'|int }} {{ tenth|int }} {{ '-5'|int }} {{ big|int }} {{ '1e3'|int }}
{{ missing|int }}
{{ '3.5'|float + 1 }} {{ 'x'|float }} {{ n|float }} {{ truth|float }} {{ nothing|float }} {{ '1e3'|float }} {{ 'nan'|float }} {{ '-inf'|float }} {{ '.5'|float }} {{ 'x'|float(2) }}
{{ numbers|sum }} {{ [true, true]|sum }} {{ [1, 2]|sum(start=10) }} {{ rows|sum(attribute='score') }} {{ none_left|sum }}
{{ words|sum }}
{{ ['a']|sum(start='') }}
{{ text + 1 }}
{{ 1 + text }}
{{ text + nothing }}
{{ nothing + 1 }}
{{ [1] + (2,) }}
{{ [1] + [2] }} {{ (1,) + (2, 3) }} {{ 'a' + 'b' 'c' }}
{{ [] + 'a' }}
{{ 7 // 2 }} {{ -7 // 2 }} {{ 7 // -2 }} {{ 7.5 // 2 }} {{ -7.5 // 2 }} {{ negative // 2 }}
{{ 7 % 3 }} {{ -7 % 3 }} {{ 7 % -3 }} {{ 7.5 % 2 }} {{ -7.5 % 2 }} {{ negative % 4 }}
{{ 7 / 2 }} {{ 6 / 2 }} {{ negative / 2 }} {{ truth / 2 }}
{{ 1 / 0 }}
{{ 1 // 0 }}
{{ 1 % 0 }}
{{ 1.0 / 0 }}
{{ 2 ** 3 }} {{ 2 ** -1 }} {{ 2 ** 0.5 }} {{ 2 ** 3 ** 2 }} {{ -2 ** 2 }} {{ 2 ** 100 }} {{ (-2) ** 3 }}
{{ -n }} {{ +n }} {{ -negative }} {{ -truth }} {{ - 3 }} {{ 4 - -3 }} {{ -n|abs }} {{ (-n)|abs }} {{ -tenth }}
{{ -text }}
{{ 'a' * 3 }} {{ 3 * 'a' }} {{ [1] * 2 }} {{ 'a' * 0 }} {{ 'a' * -1 }} {{ 'a' * truth }} {{ (1,) * 2 }}
{{ 'a' * 2.0 }}
{{ 'a' * 'b' }}
{{ 'a' - 'b' }}
{{ 'a' ~ 3 ~ none ~ [1] ~ tenth }} {{ 1 ~ 2 + 3 }} {{ 1 + 2 ~ 3 }}
{{ missing ~ 'a' }}
{{ huge + 1 }} {{ huge * 2 }} {{ huge // 7 }} {{ huge % 7 }} {{ 9223372036854775807 + 1 }} {{ -huge }} {{ huge == huge + 0 }}
{{ missing == none }}
{{ none == missing }}
{{ missing != 1 }}
{{ missing }}
{{ not missing }}
{{ missing or 1 }}
{{ 1 or missing }} {{ 0 and missing }} {{ '' or 'x' }} {{ 'a' and 'b' }} {{ none_left or 'none' }} {{ nothing or 0 }}
{{ 1 and missing }}
{{ [missing] }}
{{ [missing]|join }}
{{ missing|default('x') }} {{ missing|d('y') }} {{ nothing|default('z') }} {{ nothing|default('z', true) }} {{ ''|default('e', boolean=true) }} {{ missing|default }}
{{ object.missing|default('m') }} {{ object.k|default('m') }}
{{ missing.x|default('m') }}
{{ n == none }} {{ nothing == none }} {{ nothing == false }} {{ nothing is none }} {{ nothing != none }}
{{ text[1:4] }} {{ text[:3] }} {{ text[4:] }} {{ text[-4:] }} {{ text[:-4] }} {{ text[::2] }} {{ text[::-1] }} {{ text[10:2:-2] }} {{ text[100:] }}| {{ text[-100:3] }} {{ text[:] }} {{ text[none:3] }}
{{ choices[1:] }} {{ choices[:-1] }} {{ choices[::-1] }} {{ choices[1:3][0] }} {{ choices[5:] }} {{ numbers[::2] }} {{ (1, 2, 3)[1:] }} {{ range(10)[2:4]|list }}
{{ emoji[1] }} {{ emoji[::-1] }} {{ emoji[1:] }} {{ emoji[-1] }}
{{ text[::0] }}
{{ text['a':] }}
{{ text[1.0:] }}
{{ n[1:] }}
{{ nothing[1:] }}
{{ missing[1:] }}
{{ text[n:] }} {{ text[:-n] }} {{ text[truth:] }} {{ text[n - 1:n + 1] }}
{{ choices[-1] }} {{ choices[-4] }} {{ choices[truth] }} {{ text[-2] }} {{ text[0] }} {{ choices.0 }} {{ choices.1 }}
{{ choices[4] }}
{{ choices[-5] }}
{{ choices[1.0] }}
{{ choices['0'] }}
{{ choices[4] is defined }} {{ choices[0] is defined }} {{ object[1] is defined }} {{ object['0'] }} {{ object['nested'].a[0].b }} {{ object.nested['a'][0]['b'] }}
{{ object.items }}
{{ object['items'] }} {{ object.k }} {{ object['k'] }}
{{ object.nosuch }}
{{ n.real is defined or true }}
{{ n.nosuch }}
{{ nothing.x }}
{{ nothing['x'] }}
{{ nothing[0] }}
{{ {'a': 1, 2: 'b', true: 'c'}[2] }} {{ {1: 'x'}[true] }} {{ {1: 'x'}[1.0] }} {{ {'a': {'b': {'c': 1}}}['a']['b']['c'] }}
{{ text|replace('quick', 'slow') }} {{ text|replace('o', '0', 1) }} {{ text|replace('', '-') }} {{ n|replace(3, 4) }} {{ text|replace('q', 5) }} {{ 'aaa'|replace('aa', 'b') }} {{ ''|replace('', 'x') }} {{ 'ab'|replace('', '-', 2) }}
{{ rows|join(', ', attribute='name') }} {{ rows|join(attribute='score') }} {{ rows|join('-', 'name') }} {{ numbers|join('+') }} {{ 'abc'|join('-') }} {{ [nothing, true, 1.0]|join(' ') }} {{ [1, [2]]|join(3) }} {{ none_left|join('x') }}|
{{ n|join }}
{{ rows|join(',', attribute='nosuch') }}
{{ rows|map(attribute='name')|list }} {{ rows|map(attribute='tags.0', default='-')|join(',') }} {{ words|map('upper')|join }} {{ ['1', '2']|map('int')|sum }} {{ words|map('replace', 'b', 'x')|list }} {{ choices|map('length')|list }} {{ object.nested.a|map(attribute='b')|first }}
{{ words|map }}
{{ nothing|map('upper')|list }} {{ nothing|select|list }} {{ none_left|map(attribute='x')|list }} {{ false|rejectattr('x')|list }}
{{ words|map('nosuch')|list }}
{{ words|map('upper') }}
{{ [0, 1, '', 'a', none]|select|list }} {{ [0, 1, '']|reject|list }} {{ numbers|select('odd')|list }} {{ numbers|select('>', 2)|list }} {{ numbers|reject('gt', 2)|list }} {{ words|select('in', 'ab')|list }} {{ words|select('equalto', 'b')|list }}
{{ rows|selectattr('ok')|map(attribute='name')|list }} {{ rows|rejectattr('ok')|map(attribute='name')|list }} {{ rows|selectattr('score', 'equalto', 2)|list|length }} {{ rows|selectattr('name', 'in', ['A'])|first }}
{{ rows|sort(attribute='name')|map(attribute='name')|list }} {{ rows|sort(attribute='score', reverse=true)|map(attribute='name')|list }} {{ words|sort }} {{ words|sort(case_sensitive=true) }} {{ numbers|sort }} {{ 'cab'|sort }} {{ words|sort(reverse=true) }}
{{ [1, 'a']|sort }}
{{ words|unique|list }} {{ words|unique(case_sensitive=true)|list }} {{ numbers|max }} {{ numbers|min }} {{ words|max }} {{ rows|max(attribute='score') }} {{ [1, true]|unique|list }}
{{ none_left|max }}
{{ {'b': 1, 'a': 2, 'C': 0}|dictsort }} {{ {'b': 1, 'a': 2}|dictsort(by='value') }} {{ {'b': 1, 'a': 2}|dictsort(reverse=true) }} {{ object|items|first }}
{{ text|reverse }} {{ choices|reverse|list }} {{ 'abc'|reverse|upper }} {{ choices|reverse|first }}
{{ choices|reverse }}
{{ 2.5|round }} {{ 3.5|round }} {{ 2.675|round(2) }} {{ 1234.5|round(-2) }} {{ 5|round }} {{ 15|round(-1) }} {{ 2.1|round(0, 'ceil') }} {{ -2.1|round(method='floor') }} {{ tenth|round(3) }} {{ true|round }}
{{ text|upper }} {{ text|lower }} {{ text|title }} {{ text|capitalize }} {{ text|trim }}| {{ 'xxaxx'|trim('x') }} {{ text|length }} {{ choices|count }} {{ object|length }} {{ text|wordcount }} {{ emoji|length }} {{ n|string + 'x' }} {{ [1]|string }} {{ nothing|string }} {{ "it's-a (test) 'x'"|title }} {{ cased|upper }} {{ cased|lower }} {{ 3|upper }} {{ spaces|trim }}|
{{ n|length }}
{{ nothing|length }}
{{ missing|length }}
{{ missing|upper }}
{{ nothing|upper }} {{ nothing|trim }}
{{ negative|abs }} {{ -0.5|abs }} {{ 'x'|center(5) }}| {{ 'ab'|center(5) }}| {{ 'a\nb\n\nc'|indent }} {{ 'a\nb'|indent(2, true) }} {{ '%s is %d'|format('a', 3) }} {{ '%.2f'|format(2.675) }} {{ '%s%%' % n }} {{ '%s-%s' % (1, 'b') }}
{{ '%s' % }}
{{ '%s'|format }}
{{ text|attr('upper')() }} {{ object|attr('k') is defined }}
{{ hindi|wordcount }} {{ hindi|regex_replace('\\w', '-') }} {{ hindi|regex_replace('[^\\W\\d_]+', '-') }} {{ hindi|regex_replace('\\b', '|') }}
{{ 'a\r\nb\r\nc'|regex_replace('a.*', 'X') }} {{ 'a\u2028b\u0085c'|regex_replace('.', 'X') }} {{ 'a\r'|regex_replace('a$', 'X') }} {{ 'a\n'|regex_replace('a$', 'X') }} {{ 'a\n'|regex_replace('a\\Z', 'X') }}
{{ 'a[b]&&c'|regex_replace('[[&]', '-') }} {{ 'a]b^'|regex_replace('[]^]', '-') }} {{ 'a b\x1c\u00a0c'|regex_replace('\\s+', '-') }} {{ 'a b'|regex_replace('[^\\S\\n]', '-') }} {{ 'a-b_c'|regex_replace('[\\w-]+', 'x') }}
{{ 'John Smith'|regex_replace('(?P<first>\\w+) (?P<last>\\w+)', '\\g<last>, \\g<first>') }} {{ 'abab'|regex_replace('(?P<x>ab)(?P=x)', '\\g<1>0') }} {{ 'aaaa'|regex_replace('a{,2}', 'b') }} {{ 'a{b}'|regex_replace('{b}', 'x') }} {{ 'x{}'|regex_replace('x{}', 'y') }}
{{ 'a.b'|regex_replace('[.](b)|q', '\\1\\n\\\\$0') }} {{ 'abxd'|regex_replace('x*', '-') }} {{ emoji|regex_replace('x*', '-') }} {{ 'ab'|regex_replace('(a)|b', '[\\1]') }} {{ 'é Éa'|regex_replace('(?i)É', 'e') }} {{ 'a\x0bA'|regex_replace('\\v\\x41', '-') }}
{{ 'a'|regex_replace('[', '') }}
{{ 'a'|regex_replace('a', '\\7') }}
{{ 'a'|regex_replace('a', '\\g<x>') }}
{{ 'a'|regex_replace('a', '\\x') }}
{{ 'a'|regex_replace('\\q', '') }}
{{ 'a'|regex_replace('a\\', '') }}
{{ 'C:\Users' }}
{{ "\xZZ" }}
{{ 1.5|round(2000000000) }} {{ 15|round(2000000000) }} {{ 1.5|round(-2000000000) }} {{ 0.1|round(400) }}
{{ rows|map(attribute='99999999999999999999')|list }}
{{ '%.99999999999f' % 1.5 }}
{{ '%d' % ('nan'|float) }}
{{ '{99999999999}'.format(1) }}
{{ '{1a}'.format(1) }}
{{ 'abc'.index(sub='z') }}
{{ '%s' is divisibleby 2 }} {{ '%s' is even }}
{{ 'a'.center(5, 'xy') }}
{{ 'a'.ljust(5, '') }}
{{ {[1]: 2} }}
{{ {(1, [2]): 2} }}
{{ {(1, 2): 3}[(1, 2)] }} {{ object[[1]] is defined }}
{{ ('9' * 5000)|int }} {{ '1_000'|float }} {{ '1x'|float(7) }} {{ '.5'|float }} {{ '5.'|float }} {{ '12'|float }} {{ '.'|float(7) }}
{{ ' a  b c '.split(none, 1) }} {{ ' a  b c '.rsplit(none, 1) }} {{ ' a  b c '.split() }} {{ ' a  b c '.rsplit() }} {{ ' a '.split(none, 0) }} {{ ' a '.rsplit(none, 0) }} {{ '  '.split() }} {{ '  '.rsplit() }}
{{ 'aXbXc'.replace('X', '--', 1) }} {{ 'aXbXc'.replace('X', '') }} {{ 'ab'.replace('', '-') }} {{ 'ab'.replace('', '-', 1) }} {{ 'aaa'.replace('aa', 'b') }}
{{ (-2) ** 3 }} {{ 1 ** 1000 }} {{ 2 ** 100 }} {{ 0 ** 0 }}
{{ 'ab12'|regex_replace('[0-9]+', '') }} {{ 'John Smith'|regex_replace('(\\w+) (\\w+)', '\\2, \\1') }} {{ 'aaa'|regex_replace('a', 'b', 2) }} {{ 'a.b'|regex_replace('\\.', '$1') }}
{{ text|nosuchfilter }}
{{ text.split() }} {{ text.split(' ') }} {{ text.split(' ', 1) }} {{ text.split(None, 1) }} {{ text.rsplit(' ', 1) }} {{ text.rsplit(none, 2) }} {{ ' a  b '.split(maxsplit=1) }} {{ 'a,b'.split(',')[-1] }} {{ 'a,b'.split(sep=',') }} {{ ''.split() }} {{ ''.split(',') }} {{ spaces.split() }}
{{ text.split('') }}
{{ text.split(3) }}
{{ text.strip() }}| {{ text.lstrip('Teh') }} {{ text.rstrip() }}| {{ 'xyx'.strip('x') }} {{ spaces.strip() }}|
{{ text.lower() }} {{ text.upper() }} {{ text.capitalize() }} {{ text.title() }} {{ 'it\'s o2x'.title() }} {{ 'aB'.swapcase() }} {{ cased.capitalize() }} {{ 'éCOLE'.capitalize() }}
{{ text.startswith('The') }} {{ text.endswith(' ') }} {{ text.startswith(('a', 'The')) }} {{ text.find('q') }} {{ text.find('zz') }} {{ text.rfind('o') }} {{ text.index('q') }} {{ text.count('o') }} {{ 'aaa'.count('aa') }} {{ 'ab'.count('') }} {{ emoji.find('b') }}
{{ text.index('zz') }}
{{ text.replace('o', '0') }} {{ text.replace('o', '0', 1) }} {{ 'ab'.replace('', '-') }} {{ text.removeprefix('The ') }} {{ text.removesuffix('fox ') }} {{ lines.splitlines() }} {{ lines.splitlines(true) }} {{ 'a=b=c'.partition('=') }} {{ 'a=b=c'.rpartition('=') }} {{ 'a'.partition('=') }} {{ 'a'.rpartition('=') }}
{{ 'a'.ljust(3) }}| {{ 'a'.rjust(3, '*') }} {{ 'ab'.center(5, '*') }} {{ 'abc'.center(6, '*') }} {{ '7'.zfill(3) }} {{ '-7'.zfill(4) }}
{{ 'ab'.isalpha() }} {{ '12'.isdigit() }} {{ 'a1'.isalnum() }} {{ ' '.isspace() }} {{ 'A'.isupper() }} {{ 'a1'.islower() }} {{ ''.isalpha() }} {{ '1'.isupper() }} {{ '²'.isdigit() }}
{{ ', '.join(words) }} {{ ','.join('abc') }} {{ ''.join([]) }}| {{ '-'.join(words|map('upper')) }}
{{ ', '.join(numbers) }}
{{ '{} and {}'.format(1, 'b') }} {{ '{0}{1}{0}'.format('a', 'b') }} {{ '{x}'.format(x=n) }} {{ '{{}}'.format() }}
{{ '{}'.format() }}
{{ text.nosuch() }}
{{ text.nosuch is defined }} {{ text.upper is defined }}
{{ choices.index('d\n') }} {{ numbers.count(2) }} {{ numbers.index(true) }} {{ words.index('A') }}
{{ words.index('zz') }}
{{ object.get('k') }} {{ object.get('zz') }} {{ object.get('zz', 'd') }} {{ object.keys()|list }} {{ object.nested.values()|list }} {{ rows[0].items()|list }}
{{ missing.split(' ') }}
{{ nothing.split(' ') }}
{% for c in choices %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }}{{ c }}{% endfor %}
{% for c in words %}{{ loop.cycle('x', 'y') }}{{ loop.previtem if not loop.first }}{% endfor %}
{% for c in words %}{{ loop.cycle('x', 'y') }}{{ loop.previtem|default('^') }}{{ loop.nextitem|default('$') }}{% endfor %}
{% for c in words %}{% if loop.changed(c|lower) %}[{{ c }}]{% endif %}{% endfor %}
{% for r in rows %}{% for t in r.tags %}{{ loop.depth }}{{ loop.depth0 }}{{ t }}{% else %}none{% endfor %}{% endfor %}
{% for r in rows %}{% set outer = loop %}{% for t in r.tags %}{{ outer.index }}.{{ loop.index }} {% endfor %}{% endfor %}
{% for k, v in object.nested.items() %}{{ k }}={{ v }}{% endfor %}
{% for k, v in {'a': 1, 'b': 2}.items() %}{{ k }}={{ v }};{% endfor %}
{% for k in {'a': 1, 'b': 2} %}{{ k }}{% endfor %} {% for c in emoji %}[{{ c }}]{% endfor %} {% for i in range(3) %}{{ i }}{% endfor %} {% for i in range(5, 0, -2) %}{{ i }}{% endfor %} {% for i in range(2, 4) %}{{ i }}{% endfor %}
{% for a, (b, c) in [(1, (2, 3))] %}{{ a }}{{ b }}{{ c }}{% endfor %}
{% for a, b in [[1, 2, 3]] %}{{ a }}{% endfor %}
{% for c in words if c == 'b' %}{{ loop.index }}/{{ loop.length }}{{ c }}{% else %}none{% endfor %}
{% for c in words if c == 'zz' %}{{ c }}{% else %}none{% endfor %}
{% for c in none_left %}{{ c }}{% else %}none{% endfor %}
{% for c in n %}{{ c }}{% endfor %}
{% for c in nothing %}{{ c }}{% endfor %}
{% for c in missing %}{{ c }}{% endfor %}
{% for c in words %}{% endfor %}{{ c }}
{% for c in words %}{{ c }}{% endfor %}{{ loop }}
{{ loop.index }}
{% for n in words %}{{ n }}{% endfor %}{{ n }}
{% set x = 1 %}{% for c in words %}{% set x = x + 1 %}{{ x }}{% endfor %}{{ x }}
{% set ns = namespace(x=1, found=false) %}{% for c in words %}{% set ns.x = ns.x + 1 %}{% if c == 'a' %}{% set ns.found = true %}{% endif %}{% endfor %}{{ ns.x }} {{ ns.found }}
{% set ns.x = 1 %}
{% if truth %}{% set x = 1 %}{% endif %}{{ x }}
{% if not truth %}{% set x = 1 %}{% endif %}{{ x }}
{% set a, b = 1, 2 %}{{ a }}{{ b }} {% set t = 1, 2 %}{{ t }} {% set t = (1,) %}{{ t }} {{ () }} {{ (1) }} {{ (1, 'a') }}
{% set x %}block {{ n }}{% endset %}[{{ x }}] {{ x|upper }}
{% with x = n, y = 2 %}{{ x }}{{ y }}{% endwith %}{{ n }}
{% with x = n %}{{ x }}{% endwith %}{{ x }}
{% with %}{% set q = 1 %}{{ q }}{% endwith %}
{% if n == 1 %}a{% elif n == 3 %}b{% elif true %}c{% else %}d{% endif %}
{% if none_left %}a{% elif '' %}b{% elif 0.0 %}c{% else %}d{% endif %}
{% if missing %}a{% endif %}
{% if missing is defined and missing %}a{% else %}b{% endif %}
{% if n > 2 and n < 5 %}in{% endif %} {{ 1 < n < 5 }} {{ 1 < n > 5 }} {{ 1 == 1 == 1 }} {{ 'a' < 'b' }} {{ [1, 2] < [1, 3] }} {{ n >= 3.0 }} {{ 'Z' < 'a' }} {{ '😀' > '\uffff' }} {{ true < 2 }}
{{ 'a' < 1 }}
{{ none < 1 }}
{{ [1] < [none] }}
{{ 1 == '1' }} {{ 'a' == 'a' }} {{ [1, 2] == [1, 2] }} {{ (1,) == [1] }} {{ {'a': 1} == {'a': 1.0} }} {{ 1 != 1.0 }} {{ true == 1 }} {{ 'True' == true }} {{ none == 0 }}
{{ 'a' if n == 3 }} {{ 'a' if n == 4 else 'b' }} {{ 'a' if false else 'b' if true else 'c' }}
{{ 'a' if n == 4 }}
{{ ('a' if n == 4) is defined }} {{ ('a' if n == 4) ~ 'b' }} {{ ('a' if n == 4)|length }} {{ ('a' if n == 4)|list }} {{ ('a' if n == 4) == 'a' }} {{ not ('a' if n == 4) }} {{ ('a' if n == 4)|default('d') }} {{ ['a' if n == 4]|join }}
{{ ('a' if n == 4) + 'b' }}
{{ ('a' if n == 4).x }}
{{ n if missing is defined else text|first }}
{{ "tab\t nl\n quote\" back\\ \x41 \u00e9 \U0001F600 \d \101" }} {{ 'it\'s' }} {{ "a" 'b' }}
{{ 0x1F }} {{ 0b101 }} {{ 0o17 }} {{ 1_000 }} {{ 1e3 }} {{ 1.5e-3 }} {{ 1.0 }} {{ .5 }}
{{ 1e3 }} {{ 1.5e-3 }} {{ 1.0 }} {{ 12.50 }} {{ 1e16 }} {{ 1e15 }} {{ 123456789.123 }} {{ 1e-5 }} {{ 0.0001 }} {{ 0x1F }} {{ 0b101 }} {{ 0o17 }} {{ 1_000 }}
{{ n }} {{ truth }} {{ nothing }} {{ big }} {{ tenth }} {{ tiny }} {{ huge }} {{ choices }} {{ object }} {{ rows[0] }} {{ emoji }} {{ like_a_template }} {{ Avaliación }} {{ [spaces, cased] }} {{ [1.0, none, true, 'x', {'a': (1, 2)}] }}
{{ none }} {{ None }} {{ true }} {{ True }} {{ false }} {{ False }}
{{ TRUE }}
{{ range(3) }} {{ range(1, 10, 2) }} {{ range(3)|list }} {{ range(3)|length }} {{ range(3)[1] }} {{ range(3)|last }} {{ 2 in range(3) }}
{{ range() }}
{{ range('a') }}
{{ dict(a=1, b='x') }} {{ dict(a=1).a }} {{ dict({'k': 1}, b=2) }}
{{ nosuchfunction() }}
{{ n() }}
{{ text.upper }} is not rendered
a {{- n -}} b {{ n -}}  c {%- if truth -%} d {%- endif -%} e
a  {%- if truth %} x {% endif -%}  b
a {%+ if truth +%} x {% endif %} b
a {#- comment -#} b {# {{ n }} #} c {#-#} d
{% raw %}{{ n }} {% if %}{% endraw %} {%- raw -%} x {{ y }} {%- endraw -%} z
{{-1}} {{+1}} {{ -1}}
line
{{ n }}\n
{{n}}{{n}}{{'}}'}}{{ "{{" }} {{ {'a': {'b': 1}} }}{{ '%}' }}
{% if truth %}
  x
{% endif %}
{ { n } } {n} { %x% } #} %} }}
{{ n
{{ n }
{% if truth %}x
{% for x in words %}x
{% endif %}
{% else %}
{% nosuch %}
{{ }}
{{ n n }}
{{ (n }}
{{ n) }}
{{ [1, 2 }}
{{ 'unclosed }}
{{ n | }}
{{ n. }}
{{ {'a': } }}
{% set %}
{% set 1 = 2 %}
{% for in words %}{% endfor %}
{% if %}x{% endif %}
{{ n ? 1 : 2 }}
{{ n && truth }}
{{ a = 1 }}
{{ text.split(' ')[:-1]|join(' ') }} {{ ' ' + text.split(' ')[-1] }} {{ {'cause': 'because', 'effect': 'so'}['cause'] }} {{ text[:-1].strip() + ' ' + 'x' }}
{{ 'ABCD'[digits|int - 41] if digits|string in '1423' else digits }} {{ ['A', 'B', 'C', 'D'][n - 1] if n is defined else missing }} {{ choices|length - 1 }} {{ range(choices|length - 1)|list }}
{% for i in range(choices|length) -%} {{ choices[i] }}. {{ loop.index0 }} {% endfor -%} Answer:
""".strip("\n").split("\n")

MULTILINE = [
    "a\r\nb{{ n }}\rc\n",
    "{{ n }}\n",
    "{{ n }}\n\n",
    "{%- for c in words %}\n  - {{ c }}\n{%- endfor %}\n",
    "{% for c in words -%}\n  {{ c }}\n{% endfor %}\n",
    "{{ text\n  |upper }}\n{% if\n truth %}x{% endif %}",
    "{# a\nb #}\nx",
    "  {{- n }}\t\n {%- if true %}\u00a0 y \u2028{%- endif %}",
    "{% set letters = 'ABC' %}{% for c in words[:3] %}{{ letters[loop.index0] }}. {{ c }}\n{% endfor %}Answer:",
    "{{ 'line\nbreak' }}|{{ 'cr\r\nlf' }}",
    "",
    "plain {text} %d",
]


def rendered(template, document):
    try:
        text = apply_template(template, document)
    except Exception:
        return None
    return None if " at 0x" in text else text


def main():
    table = []
    for name, document in DOCUMENTS.items():
        for template in TEMPLATES + MULTILINE:
            result = rendered(template, document)
            table.append({"document": name, "template": template, "rendered": result})
    json.dump(
        {"documents": DOCUMENTS, "renders": table}, sys.stdout, ensure_ascii=False, indent=1
    )
    print()


if __name__ == "__main__":
    main()
