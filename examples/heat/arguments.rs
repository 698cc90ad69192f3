//! The command line of the heat example.

use phalanx::prelude::*;
use std::path::PathBuf;

/// What the user asked for.
pub struct Arguments {
    pub input: Option<PathBuf>,
    /// Rows and columns of the built-in plate.
    pub size: (usize, usize),
    pub output: PathBuf,
    pub sweeps: usize,
    pub threads: Option<usize>,
    pub schedule: Schedule,
    pub bind: ProcBind,
}

const HELP: &str = "\
The heat equation on a plate, in parallel and once more by one thread, compared.

    cargo run --release --example heat -- [OPTIONS]

    --input FILE.png    starting temperatures: any PNG, white is 100 degrees, black is 0
                        (default: a built-in plate)
    --size RxC          rows and columns of the built-in plate (default: 2000x2000)
    --output FILE.png   where the result goes (default: heat.png)
    --sweeps N          sweeps over the plate (default: 500)
    --threads N         size of the team (default: OMP_NUM_THREADS, or all processors)
    --schedule S        static | dynamic[,chunk] | guided[,chunk] | auto (default: static)
    --bind B            close | spread | primary | false (default: close)
    --help              this text";

impl Arguments {
    /// `None`: help was asked for, and given.
    pub fn from_command_line() -> Result<Option<Arguments>, String> {
        let mut a = Arguments {
            input: None,
            size: (2000, 2000),
            output: "heat.png".into(),
            sweeps: 500,
            threads: None,
            schedule: Static,
            bind: ProcBind::Close,
        };
        let mut words = std::env::args().skip(1);
        while let Some(word) = words.next() {
            let (name, value) = match word.split_once('=') {
                Some((n, v)) => (n.to_owned(), Some(v.to_owned())),
                None => (word, None),
            };
            if name == "--help" || name == "-h" {
                println!("{HELP}");
                return Ok(None);
            }
            let known = [
                "--input",
                "--size",
                "--output",
                "--sweeps",
                "--threads",
                "--schedule",
                "--bind",
            ];
            if !known.contains(&name.as_str()) {
                return Err(format!("there is no option {name}; --help lists them all"));
            }
            let value = value
                .or_else(|| words.next())
                .ok_or(format!("{name} needs a value"))?;
            a.set(&name, &value)?;
        }
        Ok(Some(a))
    }

    fn set(&mut self, name: &str, value: &str) -> Result<(), String> {
        let bad = |why: &dyn std::fmt::Display| format!("{name} {value}: {why}");
        match name {
            "--input" => self.input = Some(value.into()),
            "--size" => {
                let size = value
                    .split_once('x')
                    .and_then(|(r, c)| Some((r.parse().ok()?, c.parse().ok()?)));
                match size {
                    Some((r @ 3..=100_000, c @ 3..=100_000)) => self.size = (r, c),
                    _ => return Err(bad(&"not a size such as 700x500, from 3 to 100000 each")),
                }
            }
            "--output" => self.output = value.into(),
            "--sweeps" => {
                self.sweeps = value.parse().map_err(|_| bad(&"not a number of sweeps"))?
            }
            "--threads" => match value.parse() {
                Ok(n) if n > 0 => self.threads = Some(n),
                _ => return Err(bad(&"not a number of threads, which is at least 1")),
            },
            "--schedule" => self.schedule = value.parse().map_err(|e| bad(&e))?,
            _ => self.bind = value.parse().map_err(|e| bad(&e))?,
        }
        Ok(())
    }
}
