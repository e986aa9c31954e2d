//! The code keeps to its layers, and to purity: in the source and in the tree of dependencies.

#![expect(
    clippy::unwrap_used,
    clippy::disallowed_types,
    reason = "a test reads the source and asks cargo for the tree"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The layers: each may use those before it.
const LAYERS: [&str; 16] = [
    "sms",
    "mail",
    "hours",
    "model",
    "refusal",
    "directory",
    "record",
    "threading",
    "policy",
    "engine",
    "command",
    "query",
    "port",
    "memory",
    "desk",
    "testing",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

/// The lines of a file that are code, with their numbers.
fn code_of(path: &Path) -> Vec<(usize, String)> {
    let text = fs::read_to_string(path).unwrap();
    let code = text.lines().map(str::to_owned).zip(1..).map(|(line, number)| (number, line));
    code.filter(|(_, line)| !line.trim_start().starts_with("//")).collect()
}

#[test]
fn each_layer_uses_only_those_below_it() {
    let mut wrong = Vec::new();
    for (height, layer) in LAYERS.iter().enumerate() {
        for file in files_below(&root().join("src").join(layer)) {
            for (number, line) in code_of(&file) {
                for used in line.split("crate::").skip(1) {
                    let used: String = used.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
                    let allowed = LAYERS.iter().position(|layer| *layer == used).is_some_and(|used| used <= height);
                    // A macro that hosts use lies at the crate's root, as the language has it.
                    let is_macro_of_testing = *layer == "testing" && used.starts_with("__");
                    if !allowed && !is_macro_of_testing {
                        wrong.push(format!("{}:{number} uses {used}", file.display()));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_folder_of_the_source_is_a_layer() {
    let mut folders: Vec<String> = fs::read_dir(root().join("src"))
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    folders.sort();
    let mut layers = LAYERS.map(str::to_owned).to_vec();
    layers.sort();
    assert_eq!(folders, layers);
}

#[test]
fn no_clock_no_randomness_no_input_no_output_in_the_source() {
    let forbidden = [
        "std::fs",
        "std::net",
        "std::io",
        "std::env",
        "std::process",
        "std::thread",
        "SystemTime",
        "Instant::",
        "Utc::now",
        "Local::now",
        "thread_rng",
        "getrandom",
        "println!",
        "eprintln!",
        "dbg!",
        "RandomState",
        "new_v4",
        "now_v7",
        "HashSet<",
        "HashMap::new",
        "unsafe ",
    ];
    let mut found = Vec::new();
    for file in files_below(&root().join("src")) {
        for (number, line) in code_of(&file) {
            found.extend(
                forbidden
                    .iter()
                    .filter(|word| line.contains(**word))
                    .map(|word| format!("{}:{number} {word}", file.display())),
            );
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn no_dependency_reads_a_clock_or_the_systems_randomness_or_does_io() {
    let forbidden = [
        "getrandom",
        "rand",
        "rand_core",
        "fastrand",
        "tokio",
        "async-std",
        "smol",
        "mio",
        "socket2",
        "reqwest",
        "hyper",
        "openssl",
        "rustls",
        "tempfile",
        "iana-time-zone",
        "time",
        "tracing",
        "rayon",
        "crossbeam-channel",
    ];
    let cargo = option_env!("CARGO").unwrap_or("cargo");
    for features in [&["--all-features"][..], &[], &["--no-default-features"]] {
        let tree = Command::new(cargo)
            .args([
                "tree",
                "--package",
                "outbound",
                "--edges",
                "normal",
                "--prefix",
                "none",
                "--format",
                "{p}",
                "--locked",
            ])
            .args(features)
            .current_dir(root())
            .output()
            .unwrap();
        assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
        let listed = String::from_utf8(tree.stdout).unwrap();
        let names: Vec<&str> = listed.lines().filter_map(|line| line.split(' ').next()).collect();
        assert!(names.contains(&"sha2"), "the tree is listed");
        // The parser under the feature `html` knows the logging facade, which by itself writes nothing.
        let facade = if features.contains(&"--all-features") { None } else { Some("log") };
        let found: Vec<&str> = forbidden.into_iter().chain(facade).filter(|name| names.contains(name)).collect();
        assert!(found.is_empty(), "{features:?}: {found:?}");
    }
}
