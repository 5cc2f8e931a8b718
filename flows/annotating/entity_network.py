"""The arithmetic of spaCy's entity recognizer, taken out of the loaded pipeline and run by ONNX Runtime.

The weights are spaCy's own; what changes is that word embeddings are computed once per word form, that
everything runs in blocks of one fixed size (so a text's result cannot depend on its neighbours), and that
the multiplications go through a kernel that is several times faster than the one spaCy brings.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from flows.annotating import convolution
from flows.annotating.convolution import PIECES, PRODUCTS, TOKENS_TOGETHER, WIDTH

Floats = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]

DEPTH = 4  # convolutions, each one token to the left and right
# Zero rows between documents. The convolutions see `DEPTH` tokens far, but the last bits of what is computed
# together have something of each other: after four layers, of eight tokens beyond.
PADDING = 8
ATTRIBUTES = ("NORM", "PREFIX", "SUFFIX", "SHAPE")
EPSILON = 1e-8  # of thinc's layer normalization
OPSET = 18
Shape = tuple[int | str, ...]

WORDS_PER_BLOCK = 128
TOKENS_PER_BLOCK = 512

_WORD_LAYERS = (
    *("extract_features", "list2ragged"),
    *("ints-getitem", "hashembed") * len(ATTRIBUTES),
    *("static_vectors", "maxout", "layernorm", "dropout", "ragged2list"),
)
_LAYERS = (
    *_WORD_LAYERS,
    *("expand_window", "maxout", "layernorm", "dropout") * DEPTH,
    *("list2array", "linear", "precomputable_affine", "linear"),
)


class UnknownArchitectureError(Exception):
    """The pipeline is not built as this module expects; spaCy itself has to run it."""


class Maxout(NamedTuple):
    """A maxout layer with its normalization: weights (outputs, pieces, inputs), bias (outputs, pieces)."""

    weights: Floats
    bias: Floats
    scale: Floats
    shift: Floats


class WordTable(NamedTuple):
    """What the network makes of each word form by itself, one a row; those of row 0 are zeros.

    `embeddings` is (words, width), `neighbours` (words, 3, pieces * width): what the word adds to the first
    convolution of the token after it, of its own and of the token before it.
    """

    embeddings: Floats
    neighbours: Floats


class Weights(NamedTuple):
    """All parameters of the recognizer.

    `state_weights` is (3, hidden, pieces, inputs) and `state_bias` (3, hidden, pieces) for the current, the
    first and the previous token of a state, with the linear layer before them; `state_padding` (3, hidden,
    pieces) stands in for a token that a state lacks.
    """

    hashing: Any  # thinc layer: attributes of a word (n, 4) -> their hashed embeddings (n, 384)
    vectors: Any  # spaCy's table of static vectors
    vector_weights: Floats
    mixing: Maxout
    convolutions: list[Maxout]
    state_weights: Floats
    state_bias: Floats
    state_padding: Floats
    action_weights: Floats
    action_bias: Floats
    actions: tuple[str, ...]


def read_weights(pipeline: Any) -> Weights:
    """The parameters of the pipeline's `ner` pipe.

    Raises UnknownArchitectureError when the pipe computes anything else than this module does.
    """
    from spacy.attrs import ORTH

    if pipeline.pipe_names != ["ner"]:
        raise UnknownArchitectureError(f"pipes {pipeline.pipe_names}, not ner alone")
    ner = pipeline.get_pipe("ner")
    model = ner.model
    nodes = list(model.walk(order="dfs_pre"))
    leaves = [node for node in nodes if not node.layers]
    if tuple(node.name for node in leaves) != _LAYERS:
        raise UnknownArchitectureError(f"layers {[node.name for node in leaves]}")
    features, window, affine = leaves[0], leaves[len(_WORD_LAYERS)], leaves[-2]
    padding = [node.attrs["pad"] for node in nodes if node.attrs.get("pad")]
    vectors = pipeline.vocab.vectors
    found = {
        "attributes": tuple(features.attrs["columns"]),
        "residuals": sum(node.name.startswith("residual(") for node in nodes) >= DEPTH,
        "window": window.attrs["window_size"],
        "padding": padding,
        "features": affine.get_dim("nF"),
        "unseen classes": set(model.attrs["unseen_classes"]),
        "upper layer": model.attrs["has_upper"],
        "beam": ner.cfg["beam_width"],
        "vectors": (str(vectors.mode), vectors.attr),
        "maxouts": {(node.get_dim("nO"), node.get_dim("nP")) for node in leaves if node.name == "maxout"},
    }
    wanted = {
        "attributes": ATTRIBUTES,
        "residuals": True,
        "window": 1,
        "padding": [DEPTH],
        "features": 3,
        "unseen classes": set(),
        "upper layer": True,
        "beam": 1,
        "vectors": ("default", ORTH),
        "maxouts": {(WIDTH, PIECES)},
    }
    if found != wanted:
        raise UnknownArchitectureError(f"{found}, not {wanted}")
    maxouts = [node for node in leaves if node.name == "maxout"]
    norms = [node for node in leaves if node.name == "layernorm"]
    layers = [
        Maxout(maxout.get_param("W"), maxout.get_param("b"), norm.get_param("G"), norm.get_param("b"))
        for maxout, norm in zip(maxouts, norms, strict=True)
    ]
    linear, upper = (node for node in leaves if node.name == "linear")
    state = affine.get_param("W").astype(np.float64)
    state_bias = state @ linear.get_param("b")
    state_bias[0] += affine.get_param("b")
    moves = ner.moves
    return Weights(
        hashing=next(node for node in nodes if node.name.startswith("with_array(ints-getitem")),
        vectors=vectors,
        vector_weights=next(n for n in leaves if n.name == "static_vectors").get_param("W"),
        mixing=layers[0],
        convolutions=layers[1:],
        state_weights=(state @ linear.get_param("W")).astype(np.float32),
        state_bias=state_bias.astype(np.float32),
        state_padding=affine.get_param("pad")[0],
        action_weights=upper.get_param("W"),
        action_bias=upper.get_param("b"),
        actions=tuple(moves.get_class_name(number) for number in range(moves.n_moves)),
    )


class EntityNetwork:
    """Word forms -> embeddings -> scores of actions, in fp32 on one thread."""

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self.width = weights.mixing.weights.shape[0]
        self.neighbours_shape = (3, weights.convolutions[0].bias.size)
        self.state_size = weights.state_bias[0].size
        outside = [
            n for n, action in enumerate(weights.actions) if action == "O" or action[:2] in ("B-", "U-")
        ]
        self.outside = [n for n in outside if weights.actions[n] != "U-"]
        self._embedder = _session(_embedding_graph(weights))
        self._layers = [
            (layer.bias.T.reshape(-1), layer.scale, layer.shift) for layer in weights.convolutions
        ]
        fours = TOKENS_PER_BLOCK // TOKENS_TOGETHER
        self._mixed = np.zeros((PRODUCTS, fours, WIDTH), dtype=np.float32)
        self._products = np.zeros((PRODUCTS, fours, PIECES * WIDTH), dtype=np.float32)
        self._multipliers = [
            _multiplier(layer, self._mixed, self._products) for layer in weights.convolutions[1:]
        ]
        self._scorer = _session(_scoring_graph(weights, self.outside))
        self._stater = _session(_state_graph(weights))
        self._scores = np.empty((0, len(self.outside)), dtype=np.float32)
        self._tokens = self._tokens_before = np.empty((0, WIDTH), dtype=np.float32)

    def embed(
        self, attributes: npt.NDArray[np.uint64], orths: npt.NDArray[np.uint64], table: WordTable
    ) -> None:
        """Fill the table of n words given as `ATTRIBUTES` (n, 4) and spelling (n,)."""
        hashed = self.weights.hashing.predict(attributes)
        found = self.weights.vectors.find(keys=orths)
        static = self.weights.vectors.data[found]
        static[found < 0] = 0
        for start, end in _blocks(len(orths), WORDS_PER_BLOCK):
            inputs = {"hashed": _filled(hashed[start:end]), "static": _filled(static[start:end])}
            embeddings, neighbours = self._embedder.run(None, inputs)
            table.embeddings[start:end] = embeddings[: end - start]
            table.neighbours[start:end] = neighbours[: end - start].reshape(-1, *self.neighbours_shape)

    def score(self, table: WordTable, rows: Rows) -> Floats:
        """Scores of the actions outside an entity, shape (len(rows), len(outside)).

        `rows` are those of the table, laid out by `padded`. The result is written over by the next call.
        """
        room = len(rows) + -len(rows) % TOKENS_PER_BLOCK
        if room > len(self._scores):
            self._scores = np.zeros((room, self._scores.shape[1]), dtype=np.float32)
            self._tokens, self._tokens_before = np.zeros((2, room + 2, WIDTH), dtype=np.float32)
        words = np.zeros(room + 2, dtype=np.int64)
        words[1 : len(rows) + 1] = rows
        convolution.convolve_words(words, *table, *self._layers[0], self._tokens)
        blocks = range(1, room + 1, TOKENS_PER_BLOCK)
        for layer, multiplier in zip(self._layers[1:], self._multipliers, strict=True):
            self._tokens, self._tokens_before = self._tokens_before, self._tokens
            for start in blocks:
                convolution.mix(self._tokens_before, start, self._mixed)
                multiplier()
                convolution.add_convolved(self._products, *layer, self._tokens_before, start, self._tokens)
        for start in blocks:
            tokens = self._tokens[start : start + TOKENS_PER_BLOCK]
            scores = self._scores[start - 1 : start - 1 + TOKENS_PER_BLOCK]
            scores[:] = self._scorer.run(None, {"tokens": tokens})[0]
        return self._scores[: len(rows)]

    def state_parts(self, rows: Rows) -> Floats:
        """What the tokens at these rows of the last `score` add to a state: shape (n, 3, pieces, hidden).

        A state sums its current token's first part, its entity's first token's second part, and the third
        part of the token before the current one; bias included.
        """
        output = np.empty((len(rows), 3 * self.state_size), dtype=np.float32)
        for start, end in _blocks(len(rows), WORDS_PER_BLOCK):
            tokens = _filled(self._tokens[rows[start:end] + 1])
            output[start:end] = self._stater.run(None, {"tokens": tokens})[0][: end - start]
        _, hidden, pieces = self.weights.state_bias.shape
        return output.reshape(len(rows), 3, pieces, hidden)


def padded(rows: Rows, first: Rows) -> tuple[Rows, Rows]:
    """The rows with `PADDING` zeros or some more around every text, and the places they got.

    Text i has `rows[first[i]:first[i + 1]]`. Each starts at a multiple of `TOKENS_TOGETHER`, since the
    network computes the tokens between two of them in different ways that may differ in the last bits.
    """
    counts = np.diff(first)
    taken = counts + -counts % TOKENS_TOGETHER + PADDING
    places = np.arange(len(rows)) + np.repeat(np.cumsum(taken) - taken + PADDING - first[:-1], counts)
    around = np.zeros(PADDING + taken.sum(), dtype=np.int64)
    around[places] = rows
    return around, places


def _blocks(count: int, size: int) -> Iterator[tuple[int, int]]:
    for start in range(0, count, size):
        yield start, min(start + size, count)


def _filled(rows: Floats) -> Floats:
    if len(rows) == WORDS_PER_BLOCK:
        return rows
    block = np.zeros((WORDS_PER_BLOCK, rows.shape[1]), dtype=np.float32)
    block[: len(rows)] = rows
    return block


class _Graph:
    """An ONNX graph being written; every method adds a node and gives the name of its result."""

    def __init__(self) -> None:
        self._nodes: list[Any] = []
        self._constants: list[Any] = []

    def add(self, operation: str, inputs: Sequence[str], output: str = "", **attributes: Any) -> str:
        from onnx import helper

        output = output or f"{operation}{len(self._nodes)}"
        self._nodes.append(helper.make_node(operation, list(inputs), [output], **attributes))
        return output

    def constant(self, values: npt.ArrayLike, kind: Any = np.float32) -> str:
        from onnx import numpy_helper

        name = f"constant{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(values, dtype=kind), name))
        return name

    def product(self, of: str, weights: npt.ArrayLike, *plus: str, output: str = "") -> str:
        """Weights are (outputs, inputs)."""
        return self.add("Gemm", [of, self.constant(np.transpose(weights)), *plus], output)

    def linear(self, of: str, weights: Floats, bias: Floats, output: str = "") -> str:
        return self.product(of, weights, self.constant(bias), output=output)

    def maxout(self, of: str, layer: Maxout) -> str:
        pieces = range(layer.bias.shape[1])
        parts = [self.linear(of, layer.weights[:, piece], layer.bias[:, piece]) for piece in pieces]
        return self.normalized(self.add("Max", parts), layer)

    def normalized(self, of: str, layer: Maxout) -> str:
        inputs = [of, self.constant(layer.scale), self.constant(layer.shift)]
        return self.add("LayerNormalization", inputs, epsilon=EPSILON)

    def model(
        self,
        inputs: Mapping[str, Shape],
        outputs: Mapping[str, Shape],
    ) -> bytes:
        """The graph as ONNX's bytes."""
        from onnx import TensorProto, helper

        def shaped(shapes: Mapping[str, Shape]) -> list[Any]:
            return [
                helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
                for name, shape in shapes.items()
            ]

        graph = helper.make_graph(
            self._nodes,
            "entities",
            shaped(inputs),
            shaped(outputs),
            initializer=self._constants,
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=9)
        content: bytes = model.SerializeToString()
        return content


def _embedding_graph(weights: Weights) -> bytes:
    graph = _Graph()
    width, static = weights.vector_weights.shape
    projected = graph.add("MatMul", ["static", graph.constant(weights.vector_weights.T)])
    joined = graph.add("Concat", ["hashed", projected], axis=1)
    embeddings = graph.add("Identity", [graph.maxout(joined, weights.mixing)], "embeddings")
    first = by_tap(weights.convolutions[0])
    graph.product(embeddings, first.reshape(-1, width), output="neighbours")
    return graph.model(
        {"hashed": (WORDS_PER_BLOCK, width * len(ATTRIBUTES)), "static": (WORDS_PER_BLOCK, static)},
        {"embeddings": (WORDS_PER_BLOCK, width), "neighbours": (WORDS_PER_BLOCK, first[..., 0].size)},
    )


def _scoring_graph(weights: Weights, outside: Sequence[int]) -> bytes:
    graph = _Graph()
    alone = weights.state_bias[0] + weights.state_padding[1] + weights.state_padding[2]  # no entity open
    states = [
        graph.linear("tokens", weights.state_weights[0, :, piece], alone[:, piece])
        for piece in range(alone.shape[1])
    ]
    chosen = list(outside)
    graph.linear(
        graph.add("Max", states), weights.action_weights[chosen], weights.action_bias[chosen], "scores"
    )
    return graph.model({"tokens": (TOKENS_PER_BLOCK, WIDTH)}, {"scores": (TOKENS_PER_BLOCK, len(chosen))})


def _multiplier(layer: Maxout, mixed: Floats, products: Floats) -> Callable[[], None]:
    """What multiplies all that `convolution.mix` has written with the weights of a layer."""
    weights = np.einsum("pt,tji->pji", convolution.KERNEL, by_tap(layer).astype(np.float64))
    graph = _Graph()
    for number, kernel in enumerate(weights):
        graph.add("MatMul", [f"mixed{number}", graph.constant(kernel.T)], f"products{number}")
    inputs, outputs = (
        {f"{name}{number}": part for number, part in enumerate(parts)}
        for name, parts in (("mixed", mixed), ("products", products))
    )
    session = _session(graph.model(*({n: p.shape for n, p in s.items()} for s in (inputs, outputs))))
    binding = session.io_binding()
    for bind, parts in ((binding.bind_input, inputs), (binding.bind_output, outputs)):
        for name, part in parts.items():
            bind(name, "cpu", 0, part.dtype, part.shape, part.ctypes.data)
    return partial(session.run_with_iobinding, binding)


def by_tap(layer: Maxout) -> npt.NDArray[Any]:
    """The weights of a convolution as (3, pieces * outputs, inputs): of the token before, its own, after."""
    outputs, pieces, inputs = layer.weights.shape
    split = layer.weights.reshape(outputs, pieces, 3, inputs // 3)
    return split.transpose(2, 1, 0, 3).reshape(3, pieces * outputs, -1)


def _state_graph(weights: Weights) -> bytes:
    graph = _Graph()
    by_piece = weights.state_weights.transpose(0, 2, 1, 3)  # (feature, piece, hidden, input)
    size = by_piece[..., 0].size
    bias = weights.state_bias.transpose(0, 2, 1)
    graph.linear("tokens", by_piece.reshape(size, -1), bias.reshape(-1), "parts")
    return graph.model({"tokens": (WORDS_PER_BLOCK, by_piece.shape[-1])}, {"parts": (WORDS_PER_BLOCK, size)})


def _session(model: bytes) -> Any:
    # ONNX Runtime 1.29 and later report what they run to their maker unless told not to before the import.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
