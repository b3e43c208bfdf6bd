import subprocess
import sys

CHECK = """
import sys
import annotate.importing.digests, annotate.importing.mapping, annotate.importing.readers, annotate.importing.rows
assert annotate.importing.mapping.mappings()
print([name for name in ("django", "pyarrow", "charset_normalizer") if name in sys.modules])
"""


def test_reading_and_mapping_load_no_framework_and_no_heavy_library() -> None:
    done = subprocess.run([sys.executable, "-c", CHECK], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
