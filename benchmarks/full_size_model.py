"""A Whisper of full size with random weights that says one fixed sentence in every window: speed without a download.

Every multiplication of the real architecture is done; only the words mean nothing. The decoder's position vectors are
set so that each position names the next token, and so both engines decode equally many, surely, and stop.
"""

from __future__ import annotations

import base64
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import torch
import whisper
from ctranslate2.specs.whisper_spec import WhisperSpec
from whisper.model import ModelDimensions, Whisper
from whisper.tokenizer import get_tokenizer

SIZES = {
    "tiny": {"state": 384, "heads": 6, "layers": 4},
    "base": {"state": 512, "heads": 8, "layers": 6},
    "small": {"state": 768, "heads": 12, "layers": 12},
}
SAID = (
    " I am ringing about the children who live in the flat above ours. Last night there was shouting again and then we"
    " heard the little one crying for a long time, and this morning the older boy was sitting on the stairs in a thin"
    " shirt and said that nobody was at home. My neighbour has seen him there before. Please send somebody to look."
)
LOUD, WIDTH, SEED, VOCABULARY = 300.0, 0.05, 1, 51864
WINDOW_ENDS = 8.0


def build(size: str, folder: Path) -> tuple[Path, Path]:
    """The same weights as an openai-whisper checkpoint and as a CTranslate2 folder with 8-bit weights."""
    model = _random(size)
    checkpoint, converted = folder / f"{size}.pt", folder / f"{size}-ct2"
    weights = {name: value.half() for name, value in model.state_dict().items()}
    torch.save({"dims": model.dims.__dict__, "model_state_dict": weights}, checkpoint)
    _convert(model, converted)
    return checkpoint, converted


def _random(size: str) -> Whisper:
    torch.manual_seed(SEED)
    shape = SIZES[size]
    dims = ModelDimensions(
        n_mels=80, n_audio_ctx=1500, n_audio_state=shape["state"], n_audio_head=shape["heads"],
        n_audio_layer=shape["layers"], n_vocab=VOCABULARY, n_text_ctx=448, n_text_state=shape["state"],
        n_text_head=shape["heads"], n_text_layer=shape["layers"],
    )  # fmt: skip
    model = Whisper(dims).eval()
    with torch.no_grad():
        tokens = model.decoder.token_embedding.weight
        tokens.copy_(torch.randn_like(tokens) * WIDTH)
        model.decoder.positional_embedding.zero_()
        for place, token in enumerate(_script()):
            vector = tokens[token]
            model.decoder.positional_embedding[place] = vector / vector.norm() * LOUD
    return model


def _script() -> list[int]:
    """The token that each position, from the first on, is followed by: a time, the words, a time, the end."""
    tokenizer = get_tokenizer(multilingual=False)
    end = tokenizer.timestamp_begin + int(WINDOW_ENDS / 0.02)
    said = [tokenizer.timestamp_begin, *tokenizer.encode(SAID), end]
    return [*said, *[tokenizer.eot] * (448 - len(said))]


def _convert(model: Whisper, folder: Path) -> None:
    spec = WhisperSpec(
        model.dims.n_audio_layer, model.dims.n_audio_head, model.dims.n_text_layer, model.dims.n_text_head
    )
    _encoder(spec.encoder, model.encoder)
    _decoder(spec.decoder, model.decoder)
    vocabulary, merges = _byte_pairs()
    tokenizer = get_tokenizer(multilingual=False)
    special = {number: token for token, number in tokenizer.special_tokens.items()}
    ordered = sorted(vocabulary, key=lambda token: vocabulary[token])
    spec.register_vocabulary([*ordered, *(special[number] for number in range(len(ordered), VOCABULARY))])
    spec.config.suppress_ids = [*tokenizer.non_speech_tokens, tokenizer.transcribe, tokenizer.translate,
                                tokenizer.sot_lm, tokenizer.sot_prev, tokenizer.no_speech]  # fmt: skip
    spec.config.suppress_ids_begin = [tokenizer.encode(" ")[0], tokenizer.eot]
    spec.config.lang_ids = []
    layers = model.dims.n_text_layer
    spec.config.alignment_heads = [
        [layer, head] for layer in range(layers // 2, layers) for head in range(model.dims.n_text_head)
    ]
    folder.mkdir(parents=True)
    spec.validate()
    spec.optimize(quantization="int8_float16")
    spec.save(str(folder))
    _write_tokenizer(folder, vocabulary, merges, {n: t for n, t in special.items() if n < tokenizer.timestamp_begin})


def _encoder(spec: Any, encoder: Any) -> None:
    for target, source in ((spec.conv1, encoder.conv1), (spec.conv2, encoder.conv2)):
        target.weight, target.bias = _array(source.weight), _array(source.bias)
    spec.position_encodings.encodings = _array(encoder.positional_embedding)
    _norm(spec.layer_norm, encoder.ln_post)
    for target, block in zip(spec.layer, encoder.blocks, strict=True):
        _attention(target.self_attention, block.attn, block.attn_ln)
        _forward(target.ffn, block)


def _decoder(spec: Any, decoder: Any) -> None:
    spec.embeddings.weight = _array(decoder.token_embedding.weight)
    spec.position_encodings.encodings = _array(decoder.positional_embedding)
    _norm(spec.layer_norm, decoder.ln)
    spec.projection.weight = _array(decoder.token_embedding.weight)
    for target, block in zip(spec.layer, decoder.blocks, strict=True):
        _attention(target.self_attention, block.attn, block.attn_ln)
        _cross_attention(target.attention, block.cross_attn, block.cross_attn_ln)
        _forward(target.ffn, block)


def _array(value: Any) -> Any:
    return value.detach().float().numpy().copy()


def _norm(target: Any, source: Any) -> None:
    target.gamma, target.beta = _array(source.weight), _array(source.bias)


def _linear(target: Any, *sources: Any) -> None:
    target.weight = np.concatenate([_array(each.weight) for each in sources])
    target.bias = np.concatenate(
        [np.zeros(each.weight.shape[0], np.float32) if each.bias is None else _array(each.bias) for each in sources]
    )


def _attention(target: Any, source: Any, norm: Any) -> None:
    _norm(target.layer_norm, norm)
    _linear(target.linear[0], source.query, source.key, source.value)
    _linear(target.linear[-1], source.out)


def _cross_attention(target: Any, source: Any, norm: Any) -> None:
    _norm(target.layer_norm, norm)
    _linear(target.linear[0], source.query)
    _linear(target.linear[1], source.key, source.value)
    _linear(target.linear[-1], source.out)


def _forward(target: Any, block: Any) -> None:
    _norm(target.layer_norm, block.mlp_ln)
    _linear(target.linear_0, block.mlp[0])
    _linear(target.linear_1, block.mlp[2])


def _byte_pairs() -> tuple[dict[str, int], list[str]]:
    """The vocabulary and merges of the tokenizer, told from the ranks that travel inside openai-whisper."""
    path = Path(whisper.__file__).parent / "assets" / "gpt2.tiktoken"
    lines = (line.split() for line in path.read_text("ascii").splitlines() if line.strip())
    ranks = {base64.b64decode(token): int(rank) for token, rank in lines}
    printed = _printable()
    merges = []
    for token, rank in sorted(ranks.items(), key=lambda pair: pair[1]):
        parts = [bytes([each]) for each in token]
        while len(parts) > 2:
            at = min(range(len(parts) - 1), key=lambda place: ranks.get(parts[place] + parts[place + 1], 1 << 30))
            if ranks.get(parts[at] + parts[at + 1], 1 << 30) >= rank:
                break
            parts[at : at + 2] = [parts[at] + parts[at + 1]]
        if len(parts) == 2:
            merges.append(" ".join("".join(printed[each] for each in part) for part in parts))
    return {"".join(printed[each] for each in token): rank for token, rank in ranks.items()}, merges


def _printable() -> dict[int, str]:
    """A visible sign for each byte, as byte-level tokenizers write them."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in plain]
    return {byte: chr(byte) for byte in plain} | {byte: chr(256 + n) for n, byte in enumerate(others)}


def _write_tokenizer(folder: Path, vocabulary: dict[str, int], merges: list[str], special: dict[int, str]) -> None:
    added = [
        {"id": number, "content": token, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False,
         "special": True}
        for number, token in sorted(special.items())
    ]  # fmt: skip
    by_bytes = {"type": "ByteLevel", "trim_offsets": True, "use_regex": True}
    model = {"type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": "",
             "end_of_word_suffix": "", "fuse_unk": False, "vocab": vocabulary, "merges": merges}  # fmt: skip
    described = {
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": added, "normalizer": None,
        "pre_tokenizer": {**by_bytes, "add_prefix_space": False}, "post_processor": None,
        "decoder": {**by_bytes, "add_prefix_space": True}, "model": model,
    }  # fmt: skip
    (folder / "tokenizer.json").write_text(json.dumps(described), encoding="utf-8")


if __name__ == "__main__":
    build(sys.argv[1], Path(sys.argv[2]))
