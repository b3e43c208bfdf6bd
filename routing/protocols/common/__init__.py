"""What judging protocols are made of: prompts, stages, scales, marks. Holds no protocol of its own."""
