"""The pure room: what the kit knows how to compute, and the words for it.

numpy and the standard library only (`image.py` also takes cv2's functions on
arrays). No files, no clocks, no threads, no network: whoever calls hands in the
arrays and the times. So every result here can be recomputed by hand, and the
same code answers in a lesson, in a test and on the command line.
"""
