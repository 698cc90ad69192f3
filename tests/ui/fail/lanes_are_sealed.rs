use phalanx::{Reduce, ops};

struct P(Option<&'static mut u64>);

impl Reduce<ops::Add> for P {
    type Shape = ();
    const LANES: usize = 8;
    fn shape(&self) {}
    fn identity(_: &()) -> P {
        P(Some(Box::leak(Box::new(0))))
    }
    fn combine(&mut self, _: P) {}
}

fn main() {}
