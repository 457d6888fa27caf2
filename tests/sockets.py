"""A page of the program without a browser: Streamlit's own messages over its websocket.

They are internal to Streamlit, whose version is pinned; only the benchmark speaks them, to have something beside it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect


@dataclass
class Socket:
    """One session of a page, and the last of each element it drew."""

    connection: ClientConnection
    page: str
    query: str
    drawn: dict[str, Element] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)

    @classmethod
    async def open(cls, url: str, page: str, query: str, cookie: str) -> Socket:
        connection = await connect(
            f"{url.replace('http', 'ws', 1)}/_stcore/stream",
            subprotocols=["streamlit"],  # type: ignore[list-item]
            additional_headers={"Cookie": cookie},
            origin=url,  # type: ignore[arg-type]
            max_size=None,
            proxy=None,
        )
        return cls(connection, page, query)

    async def run(self, strings: dict[str, str] | None = None, pressed: str = "") -> float:
        """Run the page once with these choices and this button; the seconds until all of it is there."""
        message = BackMsg()
        state = message.rerun_script
        state.query_string, state.page_name = self.query, self.page
        state.context_info.locale, state.context_info.timezone = "nl-NL", "Europe/Amsterdam"
        for key, value in (strings or {}).items():
            one = state.widget_states.widgets.add()
            one.id, one.string_value = key, value
        if pressed:
            one = state.widget_states.widgets.add()
            one.id, one.trigger_value = pressed, True
        start = time.perf_counter()
        await self.connection.send(message.SerializeToString())
        await self._read_to_the_end()
        return time.perf_counter() - start

    async def _read_to_the_end(self) -> None:
        self.texts.clear()
        while True:
            answer = ForwardMsg()
            answer.ParseFromString(await self.connection.recv(decode=False))
            kind = answer.WhichOneof("type")
            if kind == "delta" and answer.delta.WhichOneof("type") == "new_element":
                self._keep(answer.delta.new_element)
            # A page that asks to be run again ends early and is followed by the next run.
            if (
                kind == "script_finished"
                and answer.script_finished == ForwardMsg.ScriptFinishedStatus.FINISHED_SUCCESSFULLY
            ):
                return

    def _keep(self, element: Element) -> None:
        kind = element.WhichOneof("type")
        if kind in ("radio", "button"):
            self.drawn[getattr(element, kind).id] = element
        elif kind == "markdown":
            self.texts.append(element.markdown.body)
        elif kind == "alert":
            self.texts.append(element.alert.body)

    def radios(self) -> list[Element]:
        return [one for one in self.drawn.values() if one.WhichOneof("type") == "radio"]

    def button(self, key: str) -> str:
        return next(name for name in self.drawn if name.endswith(key))

    async def close(self) -> None:
        await self.connection.close()
