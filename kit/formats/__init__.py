"""Streams of samples to and from the bytes of other tools, and models out to other machines.

    folder | zip | .tm | .kit.zip  ->  Item(label, name, burst, bytes)  ->  .kit.zip
    backbone + head                ->  one standalone .tflite

Nothing here touches storage or the engine: who calls hands in an open file and gets back a
stream, or hands in samples and gets back bytes. What comes from outside is read with caps
(`kit.codecs.archive`), and a file that cannot be understood is refused with its reason.
"""
