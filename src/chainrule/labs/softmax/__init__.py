"""S3: two hidden layers and a softmax, up the log-likelihood."""
