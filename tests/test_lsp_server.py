"""The language server as an editor meets it: what it shows, where, and when."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from lsp_support import OPEN, Editor, marked, running

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def editor(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Editor]:
    async with running(tmp_path_factory.mktemp("workspace")) as found:
        yield found


async def test_an_open_role_is_told(editor: Editor) -> None:
    uri = editor.open(editor.folder / "role.json", OPEN)
    (found,) = await editor.diagnostics(uri)
    assert found.code == "public-trust"
    assert marked(OPEN, found) == "*"
