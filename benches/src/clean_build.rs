//! What a host's clean build pays: the library with its default features, and the crates that are named for it alone.
//!
//! Both are built for debugging, one job at a time, with the library's own lock file; what counts is the processor time of the compiler.
//! The library is built as the crates of a registry are, which keep nothing for being built again in parts; a host that has it as a
//! folder beside its own pays a quarter more for the library itself.
#![expect(clippy::disallowed_types, reason = "cargo builds")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::centre::Outcome;
use crate::measure::Scale;
use crate::table::{Unit, heading, note, row};

/// The crates that the library was to be built with.
const NAMED: &str = r#"serde = { version = "1", features = ["derive", "rc"] }
thiserror = "2"
chrono = { version = "0.4.39", default-features = false, features = ["std", "serde"] }
uuid = { version = "1.12", default-features = false, features = ["std", "serde"] }
email_address = { version = "0.2.9", default-features = false }
phonenumber = "0.3.7"
"#;

/// How much of their time the library may take.
const AT_MOST: f64 = 1.3;

pub(crate) fn run(_: Scale) -> Outcome {
    heading("a clean build for debugging, processor time", "named crates");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().ok_or("the workspace")?;
    let library = |features: &str| format!("outbound = {{ path = {root:?}{features} }}\n");
    let named = Package::new(root, "named", NAMED)?;
    let outbound = Package::new(root, "outbound", &library(""))?;
    let ascii = Package::new(root, "ascii", &library(r#", default-features = false, features = ["phonenumber"]"#))?;
    let (by_named, _) = named.build("phonenumber")?;
    let (by_outbound, of_itself) = outbound.build("outbound")?;
    let (by_ascii, _) = ascii.build("outbound")?;
    row("built", Unit::Nanoseconds, by_named, by_outbound, Some(AT_MOST));
    row("  the library itself", Unit::Nanoseconds, by_named, of_itself, None);
    row("  its further crates", Unit::Nanoseconds, by_named, by_outbound - of_itself - by_named, None);
    row("built without `idn`", Unit::Nanoseconds, by_named, by_ascii, None);
    let (of_named, of_outbound) = (named.tree()?, outbound.tree()?);
    let count = |tree: &BTreeSet<String>| u32::try_from(tree.len()).map_or(f64::NAN, f64::from);
    row("crates", Unit::Times, count(&of_named), count(&of_outbound), None);
    let further: Vec<&str> = of_outbound.difference(&of_named).map(String::as_str).collect();
    note(&format!("further crates: {}", further.join(", ")));
    Ok(())
}

/// A package that does nothing but depend.
struct Package(PathBuf);

impl Package {
    fn new(root: &Path, name: &str, dependencies: &str) -> Outcome<Self> {
        let at = root.join("target/clean_build").join(name);
        let manifest = format!(
            "[package]\nname = \"depends\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n{dependencies}"
        );
        std::fs::create_dir_all(at.join("src"))?;
        std::fs::write(at.join("Cargo.toml"), manifest)?;
        std::fs::write(at.join("src/lib.rs"), "")?;
        std::fs::copy(root.join("Cargo.lock"), at.join("Cargo.lock"))?;
        Ok(Self(at))
    }

    /// The processor time of a clean build, and of one of its crates alone, in nanoseconds.
    fn build(&self, one: &str) -> Outcome<(f64, f64)> {
        let built = self.0.join("target");
        if built.exists() {
            std::fs::remove_dir_all(&built)?;
        }
        self.cargo(&["fetch", "--quiet"])?;
        let all = self.timed_build()?;
        self.cargo(&["clean", "--quiet", "--package", one])?;
        let alone = self.timed_build()?;
        std::fs::remove_dir_all(&built)?;
        Ok((all, alone))
    }

    fn timed_build(&self) -> Outcome<f64> {
        let before = of_children()?;
        self.cargo(&["build", "--quiet", "--jobs", "1"])?;
        Ok(of_children()? - before)
    }

    /// The crates that it builds, by name.
    fn tree(&self) -> Outcome<BTreeSet<String>> {
        let listed = self.cargo(&["tree", "--prefix", "none", "--edges", "normal,build", "--format", "{p}"])?;
        let names = listed.lines().filter_map(|line| line.split_whitespace().next());
        Ok(names.filter(|name| *name != "depends").map(str::to_owned).collect())
    }

    fn cargo(&self, arguments: &[&str]) -> Outcome<String> {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(arguments).current_dir(&self.0).env("CARGO_TARGET_DIR", self.0.join("target"));
        cargo.env("CARGO_INCREMENTAL", "0");
        let ended = cargo.output()?;
        if !ended.status.success() {
            return Err(format!("cargo {}: {}", arguments.join(" "), String::from_utf8_lossy(&ended.stderr)).into());
        }
        Ok(String::from_utf8(ended.stdout)?)
    }
}

/// The processor time of all children that have ended, in nanoseconds, as Linux counts it: in hundredths of a second.
fn of_children() -> Outcome<f64> {
    let told = std::fs::read_to_string("/proc/self/stat")?;
    let (_, fields) = told.rsplit_once(')').ok_or("the name of the process")?;
    let mut times = fields.split_whitespace().skip(13).take(2).map(str::parse::<f64>);
    match (times.next(), times.next()) {
        (Some(user), Some(system)) => Ok((user? + system?) * 1e7),
        _ => Err("the times of the process are not told".into()),
    }
}
