"""The main job from a signed HR event to a sign-in, shown on this machine and checked at every step."""
