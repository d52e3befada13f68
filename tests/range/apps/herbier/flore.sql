create table plantes (code text primary key, nom text, famille text, altitude integer);
insert into plantes values ('arn-mon','Arnica des montagnes','Asteraceae',1650),('gen-lut','Gentiane jaune','Gentianaceae',1800),
 ('lil-mar','Lis martagon','Liliaceae',1200),('edel','Edelweiss','Asteraceae',2300),('pin-cem','Pin cembro','Pinaceae',2100);
create table releves (id integer primary key, plante text, lieu text, auteur text);
insert into releves values (1,'arn-mon','Col de la Croix','marthe'),(2,'edel','Aiguille Verte','yannick'),(3,'gen-lut','Plateau du Lac','marthe');
create table membres (pseudo text, secret text, role text);
insert into membres values ('marthe','br1ndille!','conservatrice'),('yannick','P4pillon-bleu','stagiaire'),('direction','chlorophylle77','admin');
