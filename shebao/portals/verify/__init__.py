"""核验平台: is this statement genuine? Open to everybody; whoever guesses codes is slowed down."""
