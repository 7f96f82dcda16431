"""A buzzer on GPIO 22 that sounds after ten sure answers: python3 buzzer.py FOLDER LABEL"""

import sys

from gpiozero import Buzzer
from see import Model, pictures

folder, label, *source = sys.argv[1:]
model, buzzer, in_a_row = Model(folder), Buzzer(22), 0
for picture in pictures(*source):
    in_a_row = in_a_row + 1 if model.answer(picture)[label] > 0.8 else 0
    buzzer.value = in_a_row >= 10
