"""Renders templates as lm-evaluation-harness does: python renders.py NANO_SUITE nano-renders.json template-renders.json"""
import json, sys, yaml
from jinja2 import Environment, BaseLoader, StrictUndefined
env = Environment(loader=BaseLoader, undefined=StrictUndefined, keep_trailing_newline=True)
root=sys.argv[1]; out={}
import glob, os
for f in sorted(glob.glob(root+'/tasks/*.yaml')):
    y=yaml.safe_load(open(f)); docs=[json.loads(l) for l in open(os.path.join(root,'tasks',y['dataset_kwargs']['data_files']['test']))]
    rows=[]
    for i in (0,1,len(docs)-1):
        d=docs[i]; r={'document':i}
        for k in ('doc_to_text','doc_to_target','doc_to_choice'):
            if k in y:
                v=y[k]; r[k]= v if not isinstance(v,str) else d[v] if v in d else env.from_string(v).render(**d)
        rows.append(r)
    out[y['task']]=rows
json.dump(out,open(sys.argv[2],'w'),ensure_ascii=False,indent=1)
doc={"text":"The a, b  c ","choices":["it's",'b"c\'',"d\n","한글\u200b\x01"],"n":3,"t":True,"z":None,"big":1e20,"x":0.1,"tiny":1.5e-7,"o":{"k":"v"},"amp":"<a> & 'b' {{ n }}","emoji":"a😀b"}
temps=["{{text.split(' ')[:-1]|join(' ')}}","{{' '+text.split(' ')[-1]}}","{{text.split()}}","{{choices}}","{{[text, n]}}","{{n}} {{t}} {{z}} {{big}} {{x}} {{tiny}}","{{o.k}} {{o['k']}} {{o}}","{{amp}}","{% if t %}yes{% else %}no{% endif %}","{{ 'a' if z else 'b' }}","{% for c in choices %}{{loop.index}}{{c}}{% endfor %}","{{text|lower|trim}}","{{text[0]}}{{text[-2]}}{{emoji[1]}} {{choices[1]}}","{{z is defined}} {{q is defined}}","line\n","{{n + 1}} {{n // 2}} {{n % 2}} {{n == 3}}","{{choices|length}}","{% set v = text.strip() %}{{v}}","{{ missing|default('x') }}","{{['A','B'][n-2]}}","{{text.replace('a','b').upper()}}","{{ not t }}","{{ text ~ n }}","{{ 'a' in text }}","{{text.lstrip('T').rstrip()}}|","{{text.find('b')}} {{text.startswith('The')}}","{{choices.index('d\\n')}}","{{text.split(' ', 1)[1]}}","{{'-'.join(choices[:2])}}","Question: {{text}}\nAnswer:","{{text.capitalize()}}", "{{text.count('a')}}","{{True}} {{false}} {{None}} {{none}}","{{ n if n > 2 else missing }}","{{ 1 if t and not z else 2 }}","{% for i in range(3) %}{{i}}{% if not loop.last %}, {% endif %}{% endfor %}","{{ {'x': n}['x'] }}","{{ choices|join('; ')|upper }}","{{'0' == 0}} {{n == '3'}} {{'3' != n}} {{text == 3}} {{3 == text}} {{text != 0.5}}","{{t == 1}} {{1 == t}} {{false == 0}} {{t != 0}} {{n == 3.0}} {{t == 'True'}} {{z == 0}} {{z == none}} {{z == false}}","{{9007199254740993 == 9007199254740992.0}}","{{[1] == [1.0]}} {{[t] == [1]}} {{['1'] == [1]}} {{o == {'k': 'v'} }}","{{[t, z, 1.0, [t, 'a']]|join(', ')}}","{{[true, false]|join}}","{{t + 1}} {{t * 2}} {{n - t}} {{t / 2}} {{t + t}} {{n % t}}","{{t < 2}} {{t >= 1}} {{false < t}}","{{['A','B'][t]}} {{choices[not t]}}","{% for c in emoji %}[{{c}}]{% endfor %}","{% for c in text.strip() %}{{loop.index}}{{c}}{% endfor %}","{{emoji|join('-')}}","{% if n == 'x' %}a{% elif n == 3 %}b{% endif %}"]
g=[]
for t in temps: g.append({'template':t,'rendered':env.from_string(t).render(**doc)})
json.dump({'document':doc,'renders':g},open(sys.argv[3],'w'),ensure_ascii=False,indent=1)
