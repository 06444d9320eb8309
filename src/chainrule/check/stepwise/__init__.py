"""Step by step: a gradient taken apart layer by layer, each step judged by what the steps before it really gave."""
