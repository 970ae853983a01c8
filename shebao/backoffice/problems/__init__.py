"""问题报告 behind the counter: the queue by promised day, answers, handing on, and how promises are kept."""
