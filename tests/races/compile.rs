//! Builds the racy programs: one package, one run of cargo, and each error with its program.

use crate::case::Racy;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What cargo says of one program.
#[derive(Default)]
pub struct Built {
    pub errors: Vec<Error>,
    pub executable: Option<PathBuf>,
}

/// One error.
pub struct Error {
    /// `E0594`; phalanx's own have none.
    pub code: Option<String>,
    pub message: String,
    /// What it says beside the code and below it.
    pub notes: String,
    /// Lines of the program that it shows.
    pub lines: Vec<usize>,
}

/// Builds all of them, each a program of one package; answers by name.
///
/// # Panics
///
/// When cargo fails for another reason than these programs' errors.
pub fn build(cases: &[Racy]) -> BTreeMap<String, Built> {
    let package = Path::new(env!("CARGO_TARGET_TMPDIR")).join("races");
    write_package(&package, cases);
    let (output, stderr) = match cargo(&package, true) {
        (output, _) if said_something(&output) => (output, String::new()),
        // Perhaps a dependency is not on this machine yet.
        _ => cargo(&package, false),
    };
    assert!(
        said_something(&output),
        "cargo did not build the racy programs:\n{stderr}"
    );
    let mut built: BTreeMap<String, Built> = BTreeMap::new();
    for line in output.lines() {
        if let Ok(message) = serde_json::from_str(line) {
            take(&message, &mut built);
        }
    }
    built
}

/// Whether cargo came as far as building.
fn said_something(output: &str) -> bool {
    output.contains("\"reason\":\"build-finished\"")
}

fn cargo(package: &Path, offline: bool) -> (String, String) {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()));
    cargo
        .current_dir(package)
        // Flags that make errors of warnings would refuse programs for other things than races.
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .args(["build", "--bins", "--keep-going", "--message-format=json"])
        .args(offline.then_some("--offline"))
        .arg("--target-dir")
        .arg(package.join("target"));
    let output = cargo.output().expect("cargo runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr))
}

/// Writes the package, unless it is there already: a new manifest would have cargo resolve again.
fn write_package(package: &Path, cases: &[Racy]) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut manifest = format!(
        "[package]\nname = \"races\"\nedition = \"2024\"\n\n[workspace]\n\n\
         [dependencies]\nphalanx = {{ path = {root:?} }}\n\n[profile.dev]\ndebug = 0\n"
    );
    for case in cases {
        manifest += &format!(
            "\n[[bin]]\nname = \"{}\"\npath = {:?}\n",
            program(&case.name),
            case.path
        );
    }
    std::fs::create_dir_all(package).expect("a folder under target");
    let at = package.join("Cargo.toml");
    if std::fs::read_to_string(&at).is_ok_and(|old| old == manifest) {
        return;
    }
    std::fs::write(at, manifest).expect("a manifest under target");
    // The versions that this test itself was built with, which are on this machine.
    let _ = std::fs::copy(root.join("Cargo.lock"), package.join("Cargo.lock"));
}

/// The program's name: a crate's does not begin with a digit.
fn program(case: &str) -> String {
    format!("racy_{case}")
}

/// One line of cargo's.
fn take(message: &Value, built: &mut BTreeMap<String, Built>) {
    let target = message["target"]["name"].as_str().unwrap_or_default();
    let Some(name) = target.strip_prefix("racy_") else {
        return;
    };
    let built = built.entry(name.to_owned()).or_default();
    if let Some(path) = message["executable"].as_str() {
        built.executable = Some(path.into());
    }
    let said = &message["message"];
    let spans = said["spans"].as_array().map_or(&[][..], Vec::as_slice);
    // What has no place sums up the errors that have one.
    if said["level"] != "error" || spans.is_empty() {
        return;
    }
    let labels = spans.iter().map(|s| &s["label"]);
    let below = said["children"].as_array().into_iter().flatten();
    let notes = labels.chain(below.map(|c| &c["message"]));
    built.errors.push(Error {
        code: said["code"]["code"].as_str().map(str::to_owned),
        message: said["message"].as_str().unwrap_or_default().to_owned(),
        notes: notes
            .filter_map(Value::as_str)
            .collect::<Vec<_>>()
            .join("\n"),
        lines: spans
            .iter()
            .filter_map(|s| s["line_start"].as_u64())
            .map(|l| l as usize)
            .collect(),
    });
}
