"""What a row of each layer has to say, and why it is refused."""
