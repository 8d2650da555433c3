"""Runs functions of lm-evaluation-harness 0.4.13 on made-up documents: python helpers.py helpers.json"""
import copy, importlib, json, sys


class Split(list):
    """As a data set's map, which hands every function a row of its own and keeps its other columns."""

    def map(self, function):
        return Split({**row, **function(copy.deepcopy(row))} for row in self)


LOGIQA = [
    {"context": "All cats purr. Tom is a cat.", "question": "What follows?", "label": "a",
     "options": ["Tom purrs.", "Tom barks.", "No cat purrs.", "Nothing."]},
    {"context": " Two spaces ", "question": "Line\nbreak?", "label": " c\n", "options": ["é", "😀", "", "x y"]},
    {"context": "", "question": "Five options?", "label": "d", "options": ["1", "2", "3", "4", "5"]},
]
WSC = [
    {"text": "Mark told Pete many lies , which Pete included in his book .", "span1_text": "Mark", "span1_index": 0,
     "span2_text": "his", "span2_index": 10},
    {"text": "She did n't  see\tthe \" café \" ( the red one ) , did she ?", "span1_text": "the café", "span1_index": 4,
     "span2_text": "she", "span2_index": 15},
    {"text": "It was 😀 late . It 's over", "span1_text": "😀", "span1_index": 2, "span2_text": "It", "span2_index": 0},
]
WSC273 = [
    {"text": "The city councilmen refused the demonstrators a permit because they feared violence.", "pronoun": "they",
     "pronoun_loc": 63, "options": ["The city councilmen", "The demonstrators"], "label": 0},
    {"text": "Tom  met Ray. His coat was wet.", "pronoun": "His", "pronoun_loc": 13, "options": ["The Tom", "Ray"], "label": 1},
    {"text": "A man's A hat 😀 fell off her head.", "pronoun": "her", "pronoun_loc": 25,
     "options": ["A man And A dog", "She"], "label": 0},
]
HELLASWAG = [
    {"activity_label": "Roof shingle removal", "ctx_a": "A man is sitting on a roof.", "ctx_b": "he", "label": "3",
     "endings": ["is using wrap [step] to wrap.", " starts  pulling up. ", "[header] Choose [title] Buy it", "x[a\nb]y"]},
    {"activity_label": "Füße", "ctx_a": "[header] How to [title] Go. ", "ctx_b": "ßE ÇA Σ", "label": " 0",
     "endings": ["😀", "", "[", "a   b"]},
    {"activity_label": "Empty", "ctx_a": "No more", "ctx_b": "", "label": "1", "endings": ["ǆ", "\u2028[\u2028]", "[][x]]", "  [title]"]},
]
CALLS = [
    ("logiqa.utils_logiqa", "doc_to_text", LOGIQA),
    ("logiqa.utils_logiqa", "doc_to_target", LOGIQA),
    ("super_glue.wsc.preprocess_wsc", "default_doc_to_text", WSC),
    ("hellaswag.utils", "process_docs", HELLASWAG),
    ("wsc273.utils", "process_doc", WSC273),
]

calls = []
for module, name, documents in CALLS:
    function = getattr(importlib.import_module("lm_eval.tasks." + module), name)
    if name.startswith("process_doc"):
        values = function(Split(documents))
    else:
        values = [function(document) for document in documents]
    calls.append({"file": module.replace(".", "/") + ".py", "function": name, "documents": documents, "values": values})
with open(sys.argv[1], "w") as out:
    json.dump(calls, out, ensure_ascii=False, indent=1)
