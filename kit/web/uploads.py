"""Where what is sent lies while it is read: in memory, as long as it is of a class's usual size.

Faces are covered before anything is written. A form's files would else wait on the disk from half
a megabyte on; in a file without a name, gone when it is closed, but written. What is larger than
`IN_MEMORY_BYTES` still waits in the data folder's `scratch/`, because thirty groups share the
memory of a small board.
"""

from io import BytesIO
from typing import IO

from flask import Request

IN_MEMORY_BYTES = 16_000_000
"""Sixty pictures as the page sends them, or three of a phone as it takes them."""


class KitRequest(Request):
    """A request whose files stay in memory unless they are many or large."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        if total_content_length is not None and total_content_length <= IN_MEMORY_BYTES:
            return BytesIO()
        return super()._get_file_stream(
            total_content_length, content_type, filename, content_length
        )
