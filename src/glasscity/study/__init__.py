"""Many runs for one question: how the model meets what is reported, and what that leaves open."""
