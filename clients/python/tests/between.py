"""A relay between a client and the real server that loses answers and cuts streams when told to."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import grpc


class Between(grpc.GenericRpcHandler):
    """Passes bytes on, as they are, and counts the calls."""

    def __init__(self, server: str) -> None:
        self.calls = Counter()
        self.lose = Counter()
        """Of which method how many answers are still to be lost, after the server gave them."""
        self.cut = 0
        """How many streams are still to be cut, each after its first message."""
        self.on_cut = lambda: None
        """What happens while the stream is away."""
        self.bearers = []
        self._channel = grpc.insecure_channel(server.removeprefix("http://"))
        self._server = grpc.server(ThreadPoolExecutor(8), handlers=[self])
        self.address = f"http://127.0.0.1:{self._server.add_insecure_port('127.0.0.1:0')}"
        self._server.start()

    def stop(self) -> None:
        self._server.stop(None).wait()
        self._channel.close()

    def service(self, details):
        method = details.method.rpartition("/")[2]
        headers = [(key, value) for key, value in details.invocation_metadata if key != "user-agent"]
        self.calls[method] += 1
        self.bearers.append(dict(headers).get("authorization"))
        if method.startswith("Watch"):

            def streamed(request, context):
                call = self._channel.unary_stream(details.method)(request, metadata=headers)
                context.add_callback(call.cancel)
                try:
                    context.send_initial_metadata(call.initial_metadata())
                    for answer in call:
                        yield answer
                        if self.cut:
                            self.cut -= 1
                            call.cancel()
                            self.on_cut()
                            context.abort(grpc.StatusCode.UNAVAILABLE, "cut")
                except grpc.RpcError as error:
                    refuse(context, error)

            return grpc.unary_stream_rpc_method_handler(streamed)

        def answered(request, context):
            try:
                answer = self._channel.unary_unary(details.method)(request, metadata=headers)
            except grpc.RpcError as error:
                refuse(context, error)
            if self.lose[method]:
                self.lose[method] -= 1
                context.abort(grpc.StatusCode.UNAVAILABLE, "the answer is lost")
            return answer

        return grpc.unary_unary_rpc_method_handler(answered)


def refuse(context, error) -> None:
    """Passes a refusal on with its details."""
    context.set_trailing_metadata(error.trailing_metadata())
    context.abort(error.code(), error.details())
