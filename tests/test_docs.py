"""What the pages for people say must be there."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest


def pages(root):
    """Return the pages written in Markdown."""
    return sorted([*root.glob("*.md"), *root.glob("docs/**/*.md")])


def test_each_link_leads_to_a_file(root):
    broken = [
        f"{page.relative_to(root)}: {target}"
        for page in pages(root)
        for target in re.findall(r"\]\(([^)#\s]+)", page.read_text("utf-8"))
        if "://" not in target and not (page.parent / target).exists()
    ]
    assert len(pages(root)) > 8
    assert not broken


def test_each_make_target_that_a_page_names_is_in_the_makefile(root):
    targets = set(re.findall(r"^([a-z]+):", (root / "Makefile").read_text("utf-8"), re.MULTILINE))
    for page in pages(root):
        named = set(re.findall(r"(?:^|`)make ([a-z]+)(?:`|\s+#|$)", page.read_text("utf-8"), re.MULTILINE))
        assert named <= targets, page


def test_each_benchmark_that_a_page_names_is_a_module(root):
    for page in pages(root):
        for name in re.findall(r"python -m benchmarks\.(\w+)", page.read_text("utf-8")):
            assert (root / "benchmarks" / f"{name}.py").is_file(), page


def test_each_decision_is_listed_and_says_what_was_decided_and_measured(root):
    folder = root / "docs" / "decisions"
    listed = (folder / "README.md").read_text("utf-8")
    decisions = sorted(folder.glob("[0-9]*.md"))
    assert [path.name[:4] for path in decisions] == [f"{n:04}" for n in range(1, len(decisions) + 1)]
    for path in decisions:
        text = path.read_text("utf-8")
        assert f"({path.name})" in listed
        assert {"## Decided", "## Measured", "## Costs", "## Would overturn it"} <= set(text.splitlines())
        assert (
            text.splitlines()[0]
            == f"# {path.name[:4]} {listed.partition(f'[{path.name[:4]} ')[2].partition(']')[0]}"
        )


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE"])
def test_a_stranger_finds_the_page(root, page):
    assert (root / page).stat().st_size > 500


def test_the_readme_shows_what_the_demo_prints(root, seeds, tmp_path, dedup_command):
    (tmp_path / "seeds").symlink_to(seeds)
    done = dedup_command("scan", "seeds/", "--out", "demo-out", cwd=tmp_path)
    shown = re.findall(
        r"^```text\n(.*?)^```$", (root / "README.md").read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    assert without_time(shown[0]) == without_time(done.stdout)


def test_the_python_of_the_readme_prints_what_it_says(root):
    readme = (root / "README.md").read_text("utf-8")
    ((example, shown),) = re.findall(
        r"^```python\n(.*?)^```\n\n```text\n(.*?)^```$", readme, re.MULTILINE | re.DOTALL
    )
    done = subprocess.run(
        [sys.executable, "-c", example], capture_output=True, text=True, check=True, cwd=root
    )
    assert done.stdout == shown


def without_time(output):
    """Return what was printed without the seconds that it took."""
    return [line.rstrip() for line in output.strip().splitlines() if not line.lstrip().startswith("took ")]
