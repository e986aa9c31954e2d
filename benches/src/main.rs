//! Prints the tables.

fn main() -> outbound_benches::Outcome {
    outbound_benches::times(std::env::args().skip(1))
}
