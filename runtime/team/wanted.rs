//! What a fork asks for, packed into one word, so that two forks that ask alike compare at once.

use phalanx_topology::ProcBind;

/// What a fork asks for. Two forks that ask alike use the same team as it stands.
///
/// A struct of small fields would be built byte by byte and loaded as a whole, which a processor's
/// store buffer cannot forward: that was ten nanoseconds of each fork.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Wanted(u64);

/// The codes of a binding, by position; the first is "not bound".
const BINDINGS: [Option<ProcBind>; 6] = [
    None,
    Some(ProcBind::False),
    Some(ProcBind::True),
    Some(ProcBind::Primary),
    Some(ProcBind::Close),
    Some(ProcBind::Spread),
];

impl Wanted {
    /// A team that no fork asks for.
    pub(crate) const NOTHING: Wanted = Wanted(0);

    /// `asked`: the binding was asked for, so the thread that forks is bound too. Deeper levels than
    /// 65535 count as that one.
    #[inline(always)]
    pub(crate) fn new(threads: usize, level: u32, bind: Option<ProcBind>, asked: bool) -> Self {
        let code = bind.map_or(0, |b| b as u64 + 1);
        let threads = threads.min(u32::MAX as usize) as u64;
        Wanted(threads << 32 | u64::from(level.min(0xffff)) << 16 | code << 8 | u64::from(asked))
    }
    #[inline(always)]
    pub(crate) fn threads(self) -> usize {
        (self.0 >> 32) as usize
    }
    pub(crate) fn level(self) -> u32 {
        (self.0 >> 16) as u32 & 0xffff
    }
    pub(crate) fn bind(self) -> Option<ProcBind> {
        BINDINGS[(self.0 >> 8) as usize & 0xff]
    }
    pub(crate) fn asked(self) -> bool {
        self.0 & 1 == 1
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn what_goes_in_comes_out() {
        for bind in BINDINGS {
            for (threads, level, asked) in [(2, 0, true), (u32::MAX as usize, 0xffff, false)] {
                let w = Wanted::new(threads, level, bind, asked);
                assert_eq!(w.threads(), threads);
                assert_eq!((w.level(), w.bind(), w.asked()), (level, bind, asked));
            }
        }
    }
}
