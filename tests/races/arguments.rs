//! The command line, as `cargo test` and its users write it for every other test.

/// What to run.
#[derive(Default)]
pub struct Arguments {
    /// Only names with one of these in them.
    filters: Vec<String>,
    /// Names equal a filter, and no part of one.
    exact: bool,
    /// Say what there is, and run nothing.
    pub list: bool,
}

/// Flags of the usual harness that are followed by a value.
const WITH_VALUE: [&str; 6] = [
    "--test-threads",
    "--format",
    "--color",
    "--logfile",
    "--skip",
    "-Z",
];

impl Arguments {
    /// Flags that mean nothing here are passed over.
    pub fn of(mut words: impl Iterator<Item = String>) -> Self {
        let mut arguments = Arguments::default();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--list" => arguments.list = true,
                "--exact" => arguments.exact = true,
                flag if WITH_VALUE.contains(&flag) => _ = words.next(),
                flag if flag.starts_with('-') => {}
                _ => arguments.filters.push(word),
            }
        }
        arguments
    }

    /// Whether everything runs.
    pub fn all(&self) -> bool {
        self.filters.is_empty()
    }

    /// Whether this case runs.
    pub fn chosen(&self, name: &str) -> bool {
        self.all()
            || self.filters.iter().any(|f| match self.exact {
                true => name == f,
                false => name.contains(f.as_str()),
            })
    }
}
