//! An iteration writes nothing while it holds what it reads; one that writes beside others asks for them together.
use phalanx::prelude::*;

fn main() {
    let o = Owners::new(6, 3, |i| [i]).unwrap();
    let mut a = [0; 6];
    parallel_for(Static, a.owned(&o), |mut a| {
        let first = &a[5];
        a[0] = 1;
        assert_eq!(*first, 0);
    });
}
