import json
from pathlib import Path

import pytest

from annotate.importing.problems import FileProblem
from annotate.importing.readers import detect, encoding
from annotate.importing.readers.encoding import first_undecodable
from tests.annotate.importing.files import problems, values, write

GERMAN = "Die Straße führt über den Fluss; später wird es kühl – sagt Jürgen. "
RUSSIAN = "Широкая электрификация южных губерний даст мощный толчок подъёму сельского хозяйства. "
JAPANESE = "これは日本語の文章です。今日は天気がとても良いので、散歩に行きましょう。"


@pytest.mark.parametrize("name", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("kind", ["jsonl", "json", "csv"])
def test_unicode_with_and_without_a_mark_is_read(name: str, kind: str, tmp_path: Path) -> None:
    rows = [{"prompt": GERMAN, "answer": "😀 日本 \u2028 x"}, {"prompt": "ж", "answer": "ascii"}]
    texts = {
        "jsonl": "\n".join(json.dumps(row, ensure_ascii=False) for row in rows),
        "json": json.dumps(rows, ensure_ascii=False),
        "csv": "prompt,answer\n" + "\n".join(f"{row['prompt']},{row['answer']}" for row in rows),
    }
    path = write(tmp_path, f"rows.{kind}", texts[kind].encode(name))
    assert values(path) == rows
    assert detect(path).encoding == name


@pytest.mark.parametrize(
    ("text", "name", "same"),
    [
        (GERMAN, "cp1252", {"cp1252"}),
        (GERMAN + "“quoted” – €5", "cp1252", {"cp1252"}),
        (RUSSIAN, "cp1251", {"cp1251"}),
        (JAPANESE, "shift_jis", {"shift_jis", "cp932", "shift_jis_2004", "shift_jisx0213"}),
    ],
)
@pytest.mark.parametrize("kind", ["jsonl", "csv"])
def test_older_encodings_are_detected_and_named(
    text: str, name: str, same: set[str], kind: str, tmp_path: Path
) -> None:
    rows = [{"prompt": text * 3, "answer": text} for _ in range(5)]
    lines = {
        "jsonl": "\n".join(json.dumps(row, ensure_ascii=False) for row in rows),
        "csv": "prompt\tanswer\n" + "\n".join(f"{row['prompt']}\t{row['answer']}" for row in rows),
    }
    path = write(tmp_path, f"rows.{kind}", lines[kind].encode(name))
    assert detect(path).encoding in same
    assert values(path) == rows


def test_an_encoding_shows_only_after_megabytes_of_ascii(tmp_path: Path) -> None:
    ascii_only = "n,text\n" + "1,plain text\n" * 200_000
    path = write(tmp_path, "rows.csv", ascii_only.encode() + f"2,{GERMAN}\n".encode("cp1252"))
    assert detect(path).encoding == "cp1252"
    assert values(path)[-1] == {"n": "2", "text": GERMAN}


def test_damaged_utf8_is_not_taken_for_another_encoding(tmp_path: Path) -> None:
    text = ("a,b\n" + f"{GERMAN},{JAPANESE}\n" * 20).encode()
    path = write(tmp_path, "rows.csv", text + b"x,\xff\n")
    with pytest.raises(FileProblem) as caught:
        values(path)
    assert f"not valid UTF-8 at byte {len(text) + 2:,}" in str(caught.value)
    assert "Save it as UTF-8" in str(caught.value)


def test_utf16_that_breaks_off_names_the_byte(tmp_path: Path) -> None:
    text = "a,b\nx,y\n".encode("utf-16")
    with pytest.raises(FileProblem, match=f"not valid UTF-16 at byte {len(text)}"):
        values(write(tmp_path, "rows.csv", text + b"z"))


@pytest.mark.parametrize("name", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("offset", [0, 3, 5000])
def test_the_offset_of_a_bad_byte_is_exact_across_chunks(
    name: str, offset: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encoding, "CHUNK", 7)
    before = ("é" * offset).encode(name) if offset else "".encode(name)
    broken = b"\xff\xff" if name != "utf-16" else "\udc00".encode("utf-16-le", "surrogatepass")
    path = write(tmp_path, "x", before + broken + "z".encode(name.replace("-sig", "").replace("16", "16-le")))
    assert first_undecodable(path, name) == len(before)


def test_problems_of_other_encodings_stay_with_their_rows(tmp_path: Path) -> None:
    text = f'{{"prompt": "{RUSSIAN}"}}\n{{broken\n{{"prompt": "{RUSSIAN}"}}\n'
    path = write(tmp_path, "rows.jsonl", text.encode("utf-16"))
    assert [number for number, _ in problems(path)] == [2]
