"""LibreOffice, asked to read what we wrote. Without it the tests that ask skip, and fail in CI."""

import shutil
import subprocess
from pathlib import Path

from tests.conftest import missing

ALL_SHEETS_AS_CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"


def converted(source: Path, into: str, folder: Path) -> list[Path]:
    """What LibreOffice makes of a file; several where it writes one per sheet. `into` is a format, with its filter."""
    program = shutil.which("soffice")
    if program is None:
        missing("LibreOffice", "no soffice on the PATH")
    folder.mkdir(parents=True, exist_ok=True)
    home = folder / "profile"
    done = subprocess.run(
        [program, f"-env:UserInstallation=file://{home}", "--headless", "--convert-to", into,
         "--outdir", str(folder), str(source)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )  # fmt: skip
    made = sorted(path for path in folder.iterdir() if path.is_file())
    assert made, f"LibreOffice made nothing of {source.name}: {done.stdout} {done.stderr}"
    return made
