//! What the examples share: the command line, and the words for how long it took.

#![allow(dead_code, reason = "no example uses all of it")]

use std::ffi::OsString;
use std::fmt::Display;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

/// Says what is wrong, and ends with code 2.
pub fn refuse(why: impl Display) -> ! {
    eprintln!("{why}");
    std::process::exit(2);
}

/// What stands on the command line, taken away piece by piece.
pub struct Arguments(Vec<OsString>);

impl Arguments {
    /// With `--help`, shows it and ends.
    pub fn new(help: &str) -> Self {
        let words: Vec<OsString> = std::env::args_os().skip(1).collect();
        if words.iter().any(|w| w == "--help" || w == "-h") {
            println!("{help}");
            std::process::exit(0);
        }
        Arguments(words)
    }

    /// Whether `name` is there.
    pub fn flag(&mut self, name: &str) -> bool {
        let at = self.0.iter().position(|w| w == name);
        at.map(|at| self.0.remove(at)).is_some()
    }

    /// The word after `name`.
    fn value(&mut self, name: &str) -> Option<OsString> {
        let at = self.0.iter().position(|w| w == name)?;
        if at + 1 == self.0.len() {
            refuse(format!("{name} needs a value"));
        }
        self.0.remove(at);
        Some(self.0.remove(at))
    }

    /// The path after `name`.
    pub fn path(&mut self, name: &str) -> Option<PathBuf> {
        self.value(name).map(PathBuf::from)
    }

    /// The number after `name`.
    pub fn number<T>(&mut self, name: &str, within: RangeInclusive<T>) -> Option<T>
    where
        T: FromStr + PartialOrd + Display,
    {
        self.value(name).map(|word| number(name, &word, within))
    }

    /// The next word that no option has taken, as a number.
    pub fn next_number<T>(&mut self, name: &str, within: RangeInclusive<T>) -> Option<T>
    where
        T: FromStr + PartialOrd + Display,
    {
        self.next(name).map(|word| number(name, &word, within))
    }

    /// The next word that no option has taken. Ask for options first.
    pub fn next(&mut self, name: &str) -> Option<OsString> {
        let word = (!self.0.is_empty()).then(|| self.0.remove(0))?;
        if word.to_string_lossy().starts_with("--") {
            let word = word.display();
            refuse(format!(
                "{name}: there is no option {word}; --help lists them all"
            ));
        }
        Some(word)
    }

    /// Refuses what is left.
    pub fn end(self) {
        if let Some(word) = self.0.first() {
            let word = word.display();
            refuse(format!("what is {word}? --help lists what can be said"));
        }
    }
}

fn number<T>(name: &str, word: &OsString, within: RangeInclusive<T>) -> T
where
    T: FromStr + PartialOrd + Display,
{
    let number = word.to_str().and_then(|w| w.parse().ok());
    number.filter(|n| within.contains(n)).unwrap_or_else(|| {
        let (word, least, most) = (word.display(), within.start(), within.end());
        refuse(format!(
            "{name} {word}: not a number from {least} to {most}"
        ))
    })
}

/// The bytes of a file.
pub fn read(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap_or_else(|e| refuse(format!("{}: {e}", path.display())))
}

/// Starts the team's threads, which the first construct of a program does otherwise.
pub fn start_team() {
    phalanx::taskgroup(|_| ());
}

/// One line: how long one thread took, and how long the team.
pub fn compare(alone: Duration, together: Duration) {
    let times = alone.as_secs_f64() / together.as_secs_f64();
    println!(
        "one thread {alone:.2?}; by tasks on {} threads {together:.2?}: {times:.2} times as fast",
        phalanx::max_threads()
    );
}

/// A stream of numbers that look random, the same for the same seed (Steele, Lea and Flood, "Fast splittable
/// pseudorandom number generators", 2014: SplitMix).
#[derive(Clone, Copy)]
pub struct Random(pub u64);

impl Random {
    #[inline]
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
    /// From 0 up to, without, 1.
    #[inline]
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }
}
