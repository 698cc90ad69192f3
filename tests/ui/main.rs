//! What the compiler says of wrong programs: each message as a user reads it.

/// The release whose messages the `.stderr` files hold.
const RELEASE: &str = "1.95.";

#[test]
fn messages() {
    let version = std::process::Command::new(std::env::var("RUSTC").unwrap_or("rustc".into()))
        .arg("--version")
        .output()
        .expect("rustc tells its version");
    let version = String::from_utf8_lossy(&version.stdout).into_owned();
    let cases = trybuild::TestCases::new();
    cases.pass("tests/ui/pass/*.rs");
    if version.starts_with(&format!("rustc {RELEASE}")) {
        cases.compile_fail("tests/ui/fail/*.rs");
    } else {
        println!("SKIPPED: the messages are those of rustc {RELEASE}x, and this is {version}");
    }
}
