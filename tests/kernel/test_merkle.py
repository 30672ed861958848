"""The tree of RFC 6962: published roots, and proofs that hold exactly for what they prove."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from youying.kernel.merkle import (
    EMPTY_ROOT,
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root,
    verify_consistency,
    verify_inclusion,
)
from youying.kernel.refusals import Refused

# The reference tree of Certificate Transparency (RFC 6962 hashing).
ENTRIES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [leaf_hash(bytes.fromhex(entry)) for entry in ENTRIES]


def test_the_empty_tree_has_the_published_root() -> None:
    assert root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert Frontier().root() == EMPTY_ROOT


@pytest.mark.parametrize("size", range(1, 9))
def test_every_tree_of_the_reference_has_its_published_root(size: int) -> None:
    assert root(LEAVES[:size]).hex() == ROOTS[size - 1]


def test_the_roots_agree_with_the_conformance_kit_where_it_stands() -> None:
    folder = os.environ.get("YOUYING_CONFORMANCE")
    if not folder or not Path(folder).is_dir():
        pytest.skip("YOUYING_CONFORMANCE names no folder: the kit is not here")
    kit = json.loads((Path(folder) / "vectors.json").read_text("utf-8"))["rfc6962"]
    leaves = [leaf_hash(bytes.fromhex(entry)) for entry in kit["leaves_hex"]]
    assert [root(leaves[:size]).hex() for size in range(1, len(leaves) + 1)] == kit["roots"]
    assert root([]).hex() == kit["empty_root"]


def test_published_proofs_of_the_reference_tree() -> None:
    """Audit path of leaf 5 in the tree of 8, and consistency from 6 to 8, as the reference implementation prints them."""
    assert [step.hex() for step in inclusion_proof(LEAVES, 5)] == [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]
    assert [step.hex() for step in consistency_proof(LEAVES, 6)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


sizes = st.integers(1, 70)


def leaves_of(size: int) -> list[bytes]:
    return [leaf_hash(str(n).encode()) for n in range(size)]


@given(sizes, st.data())
def test_a_frontier_that_was_stored_and_read_goes_on_to_the_same_root(size: int, data: st.DataObject) -> None:
    leaves = leaves_of(size)
    cut = data.draw(st.integers(0, size))
    frontier = Frontier()
    frontier.extend(leaves[:cut])
    again = Frontier.from_bytes(frontier.to_bytes())
    again.extend(leaves[cut:])
    assert again.size == size
    assert again.root() == root(leaves)


@given(sizes, st.data())
def test_a_proof_of_inclusion_holds_for_its_leaf_and_place_only(size: int, data: st.DataObject) -> None:
    leaves = leaves_of(size)
    index = data.draw(st.integers(0, size - 1))
    top, proof = root(leaves), inclusion_proof(leaves, index)
    assert verify_inclusion(leaves[index], index=index, size=size, proof=proof, root=top)
    assert not verify_inclusion(leaf_hash(b"another"), index=index, size=size, proof=proof, root=top)
    assert not verify_inclusion(leaves[index], index=index, size=size, proof=[*proof, top], root=top)
    if size > 1:
        elsewhere = (index + 1) % size
        assert not verify_inclusion(leaves[index], index=elsewhere, size=size, proof=proof, root=top)
        assert not verify_inclusion(leaves[index], index=index, size=size, proof=proof[:-1], root=top)
    assert not verify_inclusion(leaves[index], index=size, size=size, proof=proof, root=top)


@given(sizes, st.data())
def test_a_proof_of_consistency_holds_only_when_nothing_old_was_changed(size: int, data: st.DataObject) -> None:
    leaves = leaves_of(size)
    old_size = data.draw(st.integers(1, size))
    old_root, new_root = root(leaves[:old_size]), root(leaves)
    proof = consistency_proof(leaves, old_size)

    def holds(*, old: bytes = old_root, new: bytes = new_root, path: list[bytes] = proof) -> bool:
        return verify_consistency(old_size=old_size, new_size=size, old_root=old, new_root=new, proof=path)

    assert holds()
    assert not holds(path=[*proof, old_root])
    altered = [*leaves[: old_size - 1], leaf_hash(b"altered"), *leaves[old_size:]]
    assert not holds(old=root(altered[:old_size]))
    if size > old_size:
        assert not holds(new=root(altered))
        assert not holds(path=proof[:-1])


def test_verification_of_impossible_sizes_says_no() -> None:
    top = root(LEAVES)
    assert not verify_consistency(old_size=0, new_size=8, old_root=EMPTY_ROOT, new_root=top, proof=[])
    assert not verify_consistency(old_size=9, new_size=8, old_root=top, new_root=top, proof=[])
    assert not verify_inclusion(LEAVES[0], index=-1, size=8, proof=[], root=top)


def test_a_leaf_cannot_pass_for_an_inner_node() -> None:
    assert leaf_hash(LEAVES[0] + LEAVES[1]) != node_hash(LEAVES[0], LEAVES[1])


def test_a_leaf_or_an_old_tree_that_is_not_there_is_refused() -> None:
    assert len(inclusion_proof(LEAVES, 7)) == 3
    with pytest.raises(Refused, match="leaf-unknown"):
        inclusion_proof(LEAVES, 8)
    assert consistency_proof(LEAVES, 8) == []
    with pytest.raises(Refused, match="tree-size-unknown"):
        consistency_proof(LEAVES, 9)


def test_a_stored_frontier_of_the_wrong_length_is_refused() -> None:
    frontier = Frontier()
    frontier.extend(LEAVES[:5])
    stored = frontier.to_bytes()
    assert len(stored) == 8 + 2 * 32
    with pytest.raises(Refused, match="frontier-damaged"):
        Frontier.from_bytes(stored[:-1])
