"""The device group in the scope of the Web sign-in profile."""
