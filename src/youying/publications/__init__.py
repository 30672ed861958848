"""What is posted in public: for counted days, frozen as it was, masked, objected to and kept."""
