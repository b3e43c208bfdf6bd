"""Tiny random models and a tokenizer trained on the spot: enough to test loading and batching."""

from pathlib import Path
from typing import Any

CONTEXT = 256
TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
CORPUS = [
    "Which response is better, A or B? Reply with the single letter A or B.",
    "How good is the response on a scale from 1 (worst) to 10 (best)? 2 3 4 5 6 7 8 9",
    "user assistant system Request: Response: the capital of France is Paris",
]


def _save_tokenizer(folder: Path, template: str | None = TEMPLATE) -> int:
    """Train and write a byte-level tokenizer with single digits; returns its size."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    raw = Tokenizer(models.BPE())
    raw.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    raw.decoder = decoders.ByteLevel()
    special = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=400, special_tokens=special, initial_alphabet=alphabet, show_progress=False
    )
    raw.train_from_iterator(CORPUS, trainer)
    tokenizer: Any = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=raw, eos_token="<|im_end|>", additional_special_tokens=special
    )
    tokenizer.chat_template = template
    tokenizer.save_pretrained(folder)
    return len(tokenizer)


LLAMA: dict[str, Any] = {
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": CONTEXT,
    "initializer_range": 0.3,
}
"""Two layers, with weights large enough for peaked probabilities."""


def build_tiny_model(folder: Path, template: str | None = TEMPLATE) -> Path:
    """A Llama of 2 layers in `folder`; its weights are large enough for peaked probabilities."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(7)
    config = LlamaConfig(
        vocab_size=_save_tokenizer(folder, template),
        **LLAMA,
    )
    LlamaForCausalLM(config).save_pretrained(folder)
    return folder


def build_tiny_gpt2(folder: Path) -> Path:
    """A GPT-2 of 2 layers in `folder`: unlike a Llama it learns absolute positions."""
    import torch
    from transformers import GPT2Config, GPT2LMHeadModel

    torch.manual_seed(7)
    config = GPT2Config(
        vocab_size=_save_tokenizer(folder),
        n_positions=CONTEXT,
        n_embd=32,
        n_layer=2,
        n_head=4,
        initializer_range=0.3,
    )
    GPT2LMHeadModel(config).save_pretrained(folder)
    return folder


def build_tiny_reward(folder: Path, outputs: int = 1, padding: int | None = 0, template: str | None = TEMPLATE) -> Path:
    """A Llama of 2 layers in `folder` that classifies: a reward model where it has one output."""
    import torch
    from transformers import LlamaConfig, LlamaForSequenceClassification

    torch.manual_seed(7)
    config = LlamaConfig(
        vocab_size=_save_tokenizer(folder, template),
        **LLAMA,
        pad_token_id=padding,
        id2label={n: str(n) for n in range(outputs)},
    )
    LlamaForSequenceClassification(config).save_pretrained(folder)  # type: ignore[no-untyped-call]
    return folder
