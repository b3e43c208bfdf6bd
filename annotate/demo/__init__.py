"""Demo campaigns over original content (items.jsonl), with people whose part of the work is done."""
