//! An index or offset of one's own could answer differently the second time, so there is none; floats are none.
use phalanx::prelude::*;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Liar;
impl phalanx::TargetIndex for Liar {}
impl phalanx::IntoOffsets for Liar {
    type Kept = isize;
}
impl phalanx::Offsets for Liar {}

fn main() {
    let _ = Scatter::new(&[Liar], 0, 3);
    let _ = Scatter::new(&[0.5], 0, 3);
    let _ = Scatter::new(&[1], 0.5, 3);
}
