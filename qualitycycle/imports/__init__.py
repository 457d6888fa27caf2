"""Files of others in: a clean frame and the refused rows, each with its reason. Nothing here writes."""
