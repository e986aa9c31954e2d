#![expect(clippy::panic, reason = "a corpus that cannot be read ends the test")]
//! What fuzzing found, or begins with, goes through the very bodies that the fuzzers run (`tests/fuzz/`).

use std::fs;
use std::path::{Path, PathBuf};

#[path = "fuzz/bodies/mod.rs"]
#[expect(unreachable_pub, reason = "the fuzz targets use it as a library")]
mod bodies;

use bodies::TARGETS;

fn below(path: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    entries.filter_map(|entry| Some(entry.ok()?.path())).collect()
}

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus")
}

#[test]
fn b7_every_target_takes_its_corpus() {
    for (name, body) in TARGETS {
        let inputs = below(&corpus().join(name));
        assert!(!inputs.is_empty(), "`{name}` has no corpus");
        for input in inputs {
            let bytes = fs::read(&input).unwrap_or_else(|error| panic!("{}: {error}", input.display()));
            println!("{}", input.display());
            body(&bytes);
        }
    }
}
