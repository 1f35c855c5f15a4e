import csv

with open("sales.csv") as file:
    print(sum(int(row["amount"]) for row in csv.DictReader(file)))
